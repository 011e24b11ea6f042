# Writes SPIRV, a file of little-endian 32-bit words, as the C++ array tutti::shaders::NAME into HEADER.
file(READ ${SPIRV} bytes HEX)
string(REGEX REPLACE "(..)(..)(..)(..)" "0x\\4\\3\\2\\1," words "${bytes}")
set(word "0x........,")
string(REGEX REPLACE "(${word}${word}${word}${word}${word}${word}${word}${word})" "\\1\n" words "${words}")
file(WRITE ${HEADER} "#pragma once\n\n#include <cstdint>\n\nnamespace tutti::shaders {\n\n"
    "inline constexpr std::uint32_t ${NAME}[] = {\n${words}};\n\n}  // namespace tutti::shaders\n")
