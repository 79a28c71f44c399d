# SPDX-License-Identifier: MIT
# Runs a few seeds twice; all that is printed must be the same, the fingerprint of every message delivered included.
foreach(seed 101 102 103)
  foreach(run first second)
    execute_process(COMMAND ${SIMULATE} --seed ${seed} --steps ${STEPS}
                    OUTPUT_VARIABLE ${run} RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
      message(FATAL_ERROR "seed ${seed} failed: ${first}")
    endif()
  endforeach()
  if(NOT first STREQUAL second)
    message(FATAL_ERROR "seed ${seed} ran in two ways:\n${first}\n${second}")
  endif()
  if(NOT first MATCHES "fingerprint [0-9a-f]+")
    message(FATAL_ERROR "no fingerprint to compare: ${first}")
  endif()
endforeach()
