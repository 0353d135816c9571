# Writes build_info.h with version, commit and compiler; touches it only when they change, so that
# an unchanged checkout rebuilds nothing. Called at build time with -DOUT, -DSOURCE, -DVERSION,
# -DCOMPILER.
set(commit "unknown")
find_program(GIT git)
if(GIT)
  execute_process(COMMAND ${GIT} -C ${SOURCE} rev-parse HEAD OUTPUT_VARIABLE head
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(commit ${head})
    execute_process(COMMAND ${GIT} -C ${SOURCE} status --porcelain --untracked-files=no
                    OUTPUT_VARIABLE changes ERROR_QUIET)
    if(changes)
      string(APPEND commit "-dirty")
    endif()
  endif()
endif()
set(text "#pragma once\n#define MUSI_VERSION \"${VERSION}\"\n#define MUSI_GIT_COMMIT \"${commit}\"\n")
string(APPEND text "#define MUSI_COMPILER \"${COMPILER}\"\n")
set(old "")
if(EXISTS ${OUT})
  file(READ ${OUT} old)
endif()
if(NOT old STREQUAL text)
  file(WRITE ${OUT} "${text}")
endif()
