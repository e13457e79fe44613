execute_process(COMMAND git describe --always --dirty --abbrev=10 --exclude=*
  WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE hash OUTPUT_STRIP_TRAILING_WHITESPACE
  ERROR_QUIET RESULT_VARIABLE failed)
if(failed OR NOT EXISTS ${SOURCE_DIR}/.git)
  set(hash unknown)
endif()
set(text "#pragma once
#define OSSICLE_VERSION \"${VERSION}\"
#define OSSICLE_GIT_HASH \"${hash}\"
#define OSSICLE_BUILD_TYPE \"${BUILD_TYPE}\"
")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} old)
endif()
if(NOT "${old}" STREQUAL "${text}")
  file(WRITE ${OUTPUT} "${text}")
endif()
