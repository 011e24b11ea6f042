# Writes HEADER, in which inline constexpr const char* tutti::bench::NAME is the text of the files TEXTS, one after the other.
set(all "")
foreach(file ${TEXTS})
    file(READ ${file} text)
    string(APPEND all "${text}\n")
endforeach()
file(WRITE ${HEADER} "#pragma once\n\nnamespace tutti::bench {\ninline constexpr const char* ${NAME} = R\"text(${all})text\";\n}  // namespace tutti::bench\n")
