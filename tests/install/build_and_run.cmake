# Configures SOURCE_DIR in an empty BINARY_DIR with OPTIONS (A=B|C=D), builds it and runs its program, which must print the method.
# SPDX-License-Identifier: MIT
cmake_minimum_required(VERSION 3.25)
string(REPLACE "|" ";" OPTIONS "${OPTIONS}")
string(REPLACE "|" ";" LAUNCHER "${LAUNCHER}")
list(TRANSFORM OPTIONS PREPEND -D)
file(REMOVE_RECURSE ${BINARY_DIR})
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE_DIR} -B ${BINARY_DIR} -G Ninja --no-warn-unused-cli
                        -D CMAKE_CXX_COMPILER=${COMPILER} "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}" ${OPTIONS}
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${BINARY_DIR} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${BINARY_DIR}/consumer OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
if(NOT output MATCHES "^200 OPTIONS\n")
  message(FATAL_ERROR "the consumer should answer an OPTIONS with 200, and printed: ${output}")
endif()
message(STATUS "${output}")
