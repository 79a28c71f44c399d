# SPDX-License-Identifier: MIT
# find_package(sipring [COMPONENTS core io]) and pkg-config (sipring-core; sipring for all that is built).
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/sipring)
set(modules core)
if(SIPRING_IO)
  list(APPEND modules io)
endif()

foreach(module ${modules})
  install(TARGETS sipring_${module} EXPORT sipring-${module}
          ARCHIVE COMPONENT dev LIBRARY COMPONENT dev FILE_SET HEADERS COMPONENT dev)
  install(EXPORT sipring-${module} NAMESPACE sipring:: DESTINATION ${package_dir} COMPONENT dev)
endforeach()

# What is for link-time optimization would bind users to this very compiler.
if(SIPRING_LTO_COMPILE)
  foreach(module ${modules})
    install(CODE "execute_process(COMMAND ${CMAKE_OBJCOPY} --wildcard --remove-section=.gnu.lto_*
      --remove-section=.gnu.debuglto_* --strip-symbol=__gnu_lto_*
      \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/$<TARGET_FILE_NAME:sipring_${module}>
      COMMAND_ERROR_IS_FATAL ANY)" COMPONENT dev)
  endforeach()
endif()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/sipringConfig.cmake.in
                              ${CMAKE_CURRENT_BINARY_DIR}/sipringConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/sipringConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sipringConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/sipringConfigVersion.cmake
        DESTINATION ${package_dir} COMPONENT dev)

# The prefix is found from where the .pc file lies, so an installation can be moved.
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH SIPRING_PC_PREFIX /prefix/${pkgconfig_dir} /prefix)
set(SIPRING_PC_REQUIRES sipring-core)
set(SIPRING_PC_LIBS)
if(SIPRING_IO)
  string(APPEND SIPRING_PC_REQUIRES ", liburing, libssl, libcrypto")
  # sipring_io calls into sipring_core, which the Requires line adds after it.
  set(SIPRING_PC_LIBS "-L\${libdir} -lsipring_io -lmimalloc -pthread")
endif()
foreach(name sipring sipring-core)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/${name}.pc.in ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc DESTINATION ${pkgconfig_dir} COMPONENT dev)
endforeach()
