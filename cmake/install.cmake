# SPDX-License-Identifier: MIT
# find_package(sipring [COMPONENTS core io]) and pkg-config.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/sipring)
install(EXPORT sipring-core NAMESPACE sipring:: DESTINATION ${package_dir})
if(SIPRING_IO)
  install(EXPORT sipring-io NAMESPACE sipring:: DESTINATION ${package_dir})
endif()
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/sipringConfig.cmake.in
                              ${CMAKE_CURRENT_BINARY_DIR}/sipringConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/sipringConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sipringConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/sipringConfigVersion.cmake DESTINATION ${package_dir})
