# SPDX-License-Identifier: MIT
# What every target of ours is compiled with. Consumers get none of this.
include(CheckCXXSourceRuns)

if(PROJECT_IS_TOP_LEVEL)
  if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
  endif()
  find_program(CCACHE ccache)
  if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # Sloppy: otherwise it keeps nothing that was compiled with a precompiled header.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  endif()
endif()

# Ours only: warnings (one set for both compilers: clang alone counts a change of sign as a conversion),
# sanitizers, and the instruction set that the accelerators need. libstdc++ 12 uses what it deprecates in stable_sort;
# g++ 12 takes the padding of a std::expected for something that is read before it is written.
add_library(sipring_build_flags INTERFACE)
target_compile_options(sipring_build_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                                                     $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>
                                                     $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
                                                     $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
                                                     $<$<BOOL:${SIPRING_DEVELOPER}>:-Werror>)

# Nobody replaces our functions at load time, so they may be inlined in position-independent code too.
target_compile_options(sipring_build_flags INTERFACE -fno-semantic-interposition)

# g++ zeroes a Via or an Address by `rep stos`, which takes longer to start than vectors take to finish.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(sipring_build_flags
                         INTERFACE -mmemset-strategy=vector_loop:512:noalign,libcall:-1:noalign)
endif()

# Link-time optimization, for programs that are measured or shipped. The libraries' objects hold ordinary code
# too: tests link that, which is faster, and an installation keeps nothing else (install.cmake). A program's own
# objects need none.
if(SIPRING_LTO AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(SIPRING_LIBRARY_COMPILE -flto=auto -ffat-lto-objects)
  set(SIPRING_LTO_COMPILE -flto=auto)
  set(SIPRING_LTO_LINK -flto=auto $<$<BOOL:${SIPRING_DEVELOPER}>:-Werror=odr>)
  set(SIPRING_LTO_NO_LINK -fno-lto)
endif()

# Reading the standard library takes a small file longer than all that it says itself. The portable preset reads each
# header where it is included, so that none is forgotten.
set(SIPRING_STANDARD_HEADERS <algorithm> <array> <bit> <chrono> <cstdint> <cstring> <expected> <memory_resource> <optional>
                             <span> <string> <string_view> <utility> <vector>)
function(sipring_precompile target)
  if(SIPRING_PRECOMPILE)
    if(NOT "${ARGV1}" STREQUAL "REUSE_FROM")
      set(scope PRIVATE)
    endif()
    target_precompile_headers(${target} ${scope} ${ARGN})
    # ccache tells headers by what they hold; clang would by when they were written.
    # g++ forgets which of them were the system's, and warns of what it inlines from there.
    target_compile_options(${target} PRIVATE "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>"
                                             $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread>)
  endif()
endfunction()

# Each folder's sources are compiled as one, which reads the headers once for all of them; so no two sources of a folder
# name different things alike, not even in anonymous namespaces; what does all the same is named here and stays apart.
# Off where one works on the tree: one edit, one file.
function(sipring_unity target)
  if(NOT SIPRING_UNITY)
    return()
  endif()
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  foreach(source ${sources})
    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${source})
    get_filename_component(folder ${folder} DIRECTORY)
    string(MAKE_C_IDENTIFIER ${folder} folder)
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${folder})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

if(SIPRING_SIMD STREQUAL "auto")
  set(CMAKE_REQUIRED_FLAGS "-march=x86-64-v3")
  check_cxx_source_runs("
    #include <immintrin.h>
    int main() { return _mm256_movemask_epi8(_mm256_setzero_si256()); }" SIPRING_HAVE_AVX2)
  unset(CMAKE_REQUIRED_FLAGS)
endif()
if(SIPRING_SIMD STREQUAL "avx2" OR (SIPRING_SIMD STREQUAL "auto" AND SIPRING_HAVE_AVX2))
  target_compile_options(sipring_build_flags INTERFACE -march=x86-64-v3)
  target_compile_definitions(sipring_build_flags INTERFACE SIPRING_AVX2=1)
endif()

# The library is what the fuzzers must see into, not their own files alone.
if(SIPRING_FUZZ)
  list(APPEND SIPRING_LIBRARY_COMPILE -fsanitize=fuzzer-no-link)
endif()

if(SIPRING_SANITIZE)
  target_compile_options(sipring_build_flags INTERFACE -fsanitize=${SIPRING_SANITIZE}
                                                       -fno-sanitize-recover=all
                                                       -fno-omit-frame-pointer)
  target_link_options(sipring_build_flags INTERFACE -fsanitize=${SIPRING_SANITIZE})
endif()
