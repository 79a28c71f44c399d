# Packs BUILD_DIR and looks into the packages: headers and archives in one, the command in the other.
# SPDX-License-Identifier: MIT
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${OUTPUT_DIR})
execute_process(COMMAND ${CPACK} -G DEB -B ${OUTPUT_DIR} --config ${BUILD_DIR}/CPackConfig.cmake
                COMMAND_ERROR_IS_FATAL ANY)

function(expect_files package)
  file(GLOB archive ${OUTPUT_DIR}/${package}_*.deb)
  execute_process(COMMAND ${DPKG_DEB} --contents ${archive} OUTPUT_VARIABLE contents
                  COMMAND_ERROR_IS_FATAL ANY)
  foreach(file ${ARGN})
    if(NOT contents MATCHES "/${file}\n")
      message(SEND_ERROR "${package} lacks ${file}:\n${contents}")
    endif()
  endforeach()
  if(contents MATCHES "/io/(detail|udp|post|tls|stream)/")
    message(SEND_ERROR "${package} holds private headers:\n${contents}")
  endif()
endfunction()

expect_files(libsipring-dev include/sipring/core/engine.h include/sipring/pools/pool.h
             libsipring_core.a libsipring_io.a sipringConfig.cmake pkgconfig/sipring.pc)
expect_files(sipring bin/sipring man/man1/sipring.1.gz)
