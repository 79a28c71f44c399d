# SPDX-License-Identifier: MIT
# <sipring/core/engine.h> is the one spelling, in the tree and installed: links in the build tree,
# real files in an installation.
set(SIPRING_INCLUDE_DIR ${CMAKE_CURRENT_BINARY_DIR}/include)
file(MAKE_DIRECTORY ${SIPRING_INCLUDE_DIR}/sipring)
foreach(module core io pools)
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR}/${module} ${SIPRING_INCLUDE_DIR}/sipring/${module}
       SYMBOLIC)
endforeach()

# The headers of a module that an installation has, spelled through the include tree: the public ones, and those in detail/
# of core and pools, which public ones read. What io performs with is nobody else's.
function(sipring_public_headers out module)
  file(GLOB_RECURSE headers RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS
       ${PROJECT_SOURCE_DIR}/${module}/*.h ${PROJECT_SOURCE_DIR}/${module}/*.def)
  list(FILTER headers EXCLUDE REGEX "^io/(detail|udp|post|tls|stream|names)/")
  list(TRANSFORM headers PREPEND ${SIPRING_INCLUDE_DIR}/sipring/)
  set(${out} ${headers} PARENT_SCOPE)
endfunction()
