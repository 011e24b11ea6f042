# The test of check_layers.cmake: a small tree that follows the arrows passes, and with any one wrong line it does not.
# Usage: cmake -D CHECK=<check_layers.cmake> -D SCRATCH=<folder that may be wiped> -P check_layers_test.cmake

function(run_check result_name output_name)
    execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${SCRATCH} -P ${CHECK}
        RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE errors)
    set(${result_name} ${result} PARENT_SCOPE)
    set(${output_name} "${output}${errors}" PARENT_SCOPE)
endfunction()

function(make_tree)
    file(REMOVE_RECURSE ${SCRATCH})
    file(WRITE ${SCRATCH}/engine/a.cpp "#include <vector>\n#include \"engine/a.hpp\"\n")
    file(WRITE ${SCRATCH}/engine/cpu/b.cpp "#include <fftw3.h>\n#include <tbb/tbb.h>\n#include \"engine/cpu/b.hpp\"\n")
    file(WRITE ${SCRATCH}/engine/vulkan/c.cpp "#include <vulkan/vulkan.h>\n#include \"shaders/d.spv.hpp\"\n")
    file(WRITE ${SCRATCH}/shaders/d.comp "#include \"shaders/d.h\"\n")
    file(WRITE ${SCRATCH}/host/loudness.cpp "#include <ebur128.h>\n#include \"engine/a.hpp\"\n")
    file(WRITE ${SCRATCH}/host/session.cpp "#include <toml++/toml.h>\n")
    file(WRITE ${SCRATCH}/viewer/e.cpp "#include <imgui.h>\n#include \"host/session.hpp\"\n")
    file(WRITE ${SCRATCH}/viewer/gpu/h.cpp "#include <vulkan/vulkan.h>\n#include <GLFW/glfw3.h>\n#include \"shaders/viewer_i.h\"\n")
    file(WRITE ${SCRATCH}/tests/f.cpp "#include <catch2/catch.hpp>\n#include \"engine/cpu/b.hpp\"\n")
    file(WRITE ${SCRATCH}/benchmarks/g.cpp "#include \"engine/vulkan/c.hpp\"\n#include \"tests/oracle/h.hpp\"\n")
endfunction()

make_tree()
run_check(result output)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "a tree that follows the arrows does not pass:\n${output}")
endif()

# file and the wrong include in it
set(wrong_lines
    "engine/a.cpp|\"host/session.hpp\"" "engine/a.cpp|\"viewer/e.hpp\"" "engine/a.cpp|\"tests/f.hpp\""
    "engine/a.cpp|\"benchmarks/g.hpp\"" "engine/a.cpp|\"engine/cpu/b.hpp\"" "engine/a.cpp|\"shaders/d.h\""
    "engine/a.cpp|<host/session.hpp>" "engine/a.cpp|\"../host/session.hpp\"" "engine/a.cpp|\"a.hpp\""
    "engine/cpu/b.cpp|\"engine/vulkan/c.hpp\"" "engine/vulkan/c.cpp|\"engine/cpu/b.hpp\""
    "engine/cpu/b.cpp|\"host/session.hpp\"" "engine/cpu/b.cpp|\"shaders/d.h\""
    "host/session.cpp|\"engine/cpu/b.hpp\"" "host/session.cpp|\"engine/vulkan/c.hpp\""
    "host/session.cpp|\"viewer/e.hpp\"" "host/session.cpp|\"tests/f.hpp\""
    "viewer/e.cpp|\"engine/vulkan/c.hpp\"" "viewer/e.cpp|\"tests/f.hpp\"" "viewer/e.cpp|\"benchmarks/g.hpp\""
    "viewer/e.cpp|\"shaders/d.h\"" "viewer/e.cpp|<vulkan/vulkan.h>" "viewer/e.cpp|<GLFW/glfw3.h>" "viewer/gpu/h.cpp|<vkFFT.h>"
    "shaders/d.comp|\"engine/a.hpp\""
    "engine/a.cpp|<fftw3.h>" "host/session.cpp|<tbb/parallel_for.h>" "tests/f.cpp|<fftw3.h>"
    "engine/a.cpp|<vulkan/vulkan.h>" "viewer/e.cpp|<vkFFT.h>" "host/session.cpp|<sndfile.h>"
    "engine/a.cpp|<sndfile.h>" "host/loudness.cpp|<toml++/toml.h>" "engine/a.cpp|<toml++/toml.h>"
    "host/session.cpp|<ebur128.h>" "host/session.cpp|<cairo.h>" "benchmarks/g.cpp|<png.h>" "engine/a.cpp|<soxr.h>" "host/session.cpp|<imgui.h>"
    "engine/a.cpp|<CLI/CLI.hpp>" "benchmarks/g.cpp|<catch2/catch.hpp>")
foreach(wrong ${wrong_lines})
    string(REPLACE "|" ";" parts "${wrong}")
    list(GET parts 0 file)
    list(GET parts 1 include)
    make_tree()
    file(APPEND ${SCRATCH}/${file} "  #  include ${include} // why not\n")
    run_check(result output)
    if(result EQUAL 0 OR NOT output MATCHES "${file}")
        message(FATAL_ERROR "${file} with #include ${include} passed, or was not named:\n${output}")
    endif()
endforeach()

file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})
run_check(result output)
if(result EQUAL 0)
    message(FATAL_ERROR "an empty tree passed")
endif()
