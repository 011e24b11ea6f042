# Writes SPIRV (a file of 32-bit words) as the C++ array tutti::shaders::NAME into HEADER. The words are little-endian in the
# file, as on every machine glslc runs on here.
file(READ ${SPIRV} bytes HEX)
string(REGEX REPLACE "(..)(..)(..)(..)" "0x\\4\\3\\2\\1," words "${bytes}")
string(REGEX REPLACE "((0x........,)(0x........,)?(0x........,)?(0x........,)?(0x........,)?(0x........,)?(0x........,)?(0x........,)?)"
    "\\1\n" words "${words}")
file(WRITE ${HEADER} "#pragma once\n\n#include <cstdint>\n\nnamespace tutti::shaders {\n\n"
    "inline constexpr std::uint32_t ${NAME}[] = {\n${words}};\n\n}  // namespace tutti::shaders\n")
