# SPDX-License-Identifier: MIT
find_program(RAGEL ragel REQUIRED)

# NAME.cpp out of NAME.rl. Ragel writes no depfile: every parser depends on every grammar (all of them take well under a
# second).
function(add_ragel_parser name out)
  set(parser ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  file(GLOB grammars CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.rl)
  add_custom_command(
    OUTPUT ${parser}
    COMMAND ${RAGEL} -G2 -I ${CMAKE_CURRENT_SOURCE_DIR} -o ${parser} ${CMAKE_CURRENT_SOURCE_DIR}/${name}.rl
    DEPENDS ${grammars}
    COMMENT "Ragel ${name}.rl")
  set(${out} ${parser} PARENT_SCOPE)
endfunction()

# The parsers of a group as one source: most of what it takes to compile one is to read the headers.
function(add_ragel_group number parsers out)
  set(group ${CMAKE_CURRENT_BINARY_DIR}/group_${number}.cpp)
  list(TRANSFORM parsers REPLACE ".*/" "" OUTPUT_VARIABLE includes)
  list(TRANSFORM includes REPLACE "(.+)" "#include \"\\1\"\n")
  string(JOIN "" includes ${includes})
  file(CONFIGURE OUTPUT ${group} CONTENT "${includes}" @ONLY)
  set_source_files_properties(${group} PROPERTIES OBJECT_DEPENDS "${parsers}")
  set(${out} ${group} PARENT_SCOPE)
endfunction()

# add_ragel_library(TARGET GROUP NAME... GROUP NAME...)
function(add_ragel_library target)
  set(sources)
  set(parsers)
  set(number 0)
  foreach(name ${ARGN} GROUP)
    if(NOT name STREQUAL "GROUP")
      add_ragel_parser(${name} parser)
      list(APPEND parsers ${parser})
    elseif(parsers AND SIPRING_UNITY)
      math(EXPR number "${number} + 1")
      add_ragel_group(${number} "${parsers}" source)
      list(APPEND sources ${source})
      set(parsers)
    else()
      list(APPEND sources ${parsers})
      set(parsers)
    endif()
  endforeach()
  add_library(${target} OBJECT ${sources})
  target_include_directories(${target} PRIVATE ${SIPRING_INCLUDE_DIR})
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:sipring_build_flags>)
  target_compile_options(${target} PRIVATE ${SIPRING_LIBRARY_COMPILE})
  # A source's options come after the target's, so these win.
  set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS
    "-Wno-implicit-fallthrough;-Wno-unused-const-variable;-Wno-unused-variable;-Wno-conversion;-Wno-sign-compare")
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()
