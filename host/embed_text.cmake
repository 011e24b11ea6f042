# Writes HEADER, in which inline constexpr const char* NAMESPACE::NAME is the text of the files TEXTS, one after the other.
# In pieces, since a compiler need not take more than 65,536 characters in one literal (ISO C++ annex B).
set(literals "")
foreach(file ${TEXTS})
    file(READ ${file} text)
    string(APPEND literals " R\"text(${text}\n)text\"")
endforeach()
file(WRITE ${HEADER} "#pragma once\n\nnamespace ${NAMESPACE} {\ninline constexpr const char* ${NAME} =${literals};\n}  // namespace ${NAMESPACE}\n")
