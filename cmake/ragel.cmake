# SPDX-License-Identifier: MIT
find_program(RAGEL ragel REQUIRED)

# Ragel writes no depfile: every parser depends on every grammar (all of them take well under a second).
function(add_ragel_library target)
  file(GLOB grammars CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.rl)
  set(parsers)
  foreach(name ${ARGN})
    set(parser ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
    add_custom_command(
      OUTPUT ${parser}
      COMMAND ${RAGEL} -G2 -I ${CMAKE_CURRENT_SOURCE_DIR} -o ${parser}
              ${CMAKE_CURRENT_SOURCE_DIR}/${name}.rl
      DEPENDS ${grammars}
      COMMENT "Ragel ${name}.rl")
    list(APPEND parsers ${parser})
  endforeach()
  add_library(${target} OBJECT ${parsers})
  target_include_directories(${target} PRIVATE ${SIPRING_INCLUDE_DIR})
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:sipring_build_flags>)
  target_compile_options(${target} PRIVATE ${SIPRING_LIBRARY_COMPILE})
  # A source's options come after the target's, so these win.
  set_source_files_properties(${parsers} PROPERTIES COMPILE_OPTIONS
    "-Wno-implicit-fallthrough;-Wno-unused-const-variable;-Wno-unused-variable;-Wno-conversion;-Wno-sign-compare")
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()
