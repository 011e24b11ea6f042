#include "host/npy.hpp"

#include <algorithm>
#include <bit>
#include <fstream>
#include <string_view>
#include <type_traits>

#include "engine/errors.hpp"
#include "host/pending_file.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

static_assert(std::endian::native == std::endian::little, "arrays are written as they lie in memory");

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t alignment = 64;
constexpr std::size_t longest_header = 4096;  // of arrays without fields; ours have 128 bytes

template <typename T>
constexpr std::string_view descr() {
    if constexpr (std::is_same_v<T, float>) return "<f4";
    if constexpr (std::is_same_v<T, std::uint16_t>) return "<f2";
    if constexpr (std::is_same_v<T, std::uint8_t>) return "|u1";
}

std::string header_of(std::string_view type, const NpyShape& shape) {
    std::string dictionary = "{'descr': '" + std::string(type) +
                             "', 'fortran_order': False, 'shape': " + npy_shape_text(shape) + ", }";
    const std::size_t before = magic.size() + 4;
    const std::size_t padding = (alignment - (before + dictionary.size() + 1) % alignment) % alignment;
    dictionary.append(padding, ' ').append(1, '\n');
    std::string header(magic);
    header +=
        {'\1', '\0', static_cast<char>(dictionary.size() & 0xff), static_cast<char>(dictionary.size() >> 8)};
    return header + dictionary;
}

/// The little dictionary of a header: three keys in any order, in Python's words.
class HeaderReader {
  public:
    explicit HeaderReader(std::string_view text) : rest_(text) {}

    /// False when the text is anything but such a dictionary.
    bool read() {
        if (!take("{")) return false;
        while (!take("}")) {
            const std::string key = quoted();
            if (!take(":")) return false;
            if (key == "descr") {
                type = quoted();
            } else if (key == "fortran_order") {
                fortran_order = take("True");
                if (!fortran_order && !take("False")) return false;
            } else if (key != "shape" || !read_shape()) {
                return false;
            }
            if (!take(",") && !rest_.starts_with('}')) return false;
        }
        skip_spaces();
        return rest_.empty() && !type.empty() && has_shape_;
    }

    std::string type;
    bool fortran_order = false;
    NpyShape shape;

  private:
    void skip_spaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size())); }

    bool take(std::string_view word) {
        skip_spaces();
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        skip_spaces();
        return true;
    }

    std::string quoted() {
        const char quote = take("'") ? '\'' : take("\"") ? '"' : '\0';
        const std::size_t end = quote == '\0' ? std::string_view::npos : rest_.find(quote);
        if (end == std::string_view::npos) return {};
        std::string text(rest_.substr(0, end));
        rest_.remove_prefix(end + 1);
        return text;
    }

    bool read_shape() {
        if (!take("(")) return false;
        shape.clear();
        while (!take(")")) {
            std::size_t digits = 0;
            std::int64_t length = 0;
            while (digits < rest_.size() && digits < 18 && rest_[digits] >= '0' && rest_[digits] <= '9')
                length = 10 * length + (rest_[digits++] - '0');
            if (digits == 0) return false;
            rest_.remove_prefix(digits);
            shape.push_back(length);
            if (!take(",") && !rest_.starts_with(')')) return false;
        }
        has_shape_ = true;
        return true;
    }

    std::string_view rest_;
    bool has_shape_ = false;
};

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
    throw InputError(printable(file.string()) + ": " + what);
}

/// The dictionary, and the stream at the data's first byte.
std::string read_header(std::ifstream& stream, const std::filesystem::path& file) {
    std::string start(magic.size() + 2, '\0');
    stream.read(start.data(), static_cast<std::streamsize>(start.size()));
    if (!stream || !start.starts_with(magic)) fail(file, "is no NumPy file");
    const int version = start[magic.size()];
    if (version < 1 || version > 3)
        fail(file, "is a NumPy file of version " + std::to_string(version) + "; 1, 2 and 3 are read");
    unsigned char size[4] = {};
    stream.read(reinterpret_cast<char*>(size), version == 1 ? 2 : 4);
    const std::size_t length = size[0] | (size[1] << 8) | (size[2] << 16) | (std::size_t{size[3]} << 24);
    if (!stream || length > longest_header) fail(file, "is a NumPy file with a damaged header");
    std::string dictionary(length, '\0');
    stream.read(dictionary.data(), static_cast<std::streamsize>(length));
    if (!stream) fail(file, "ends within its header");
    return dictionary;
}

}  // namespace

std::string npy_shape_text(const NpyShape& shape) {
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + (shape.size() == 1 ? ",)" : ")");
}

std::int64_t npy_element_count(const NpyShape& shape) {
    constexpr std::int64_t most = std::int64_t{1} << 48;
    std::int64_t count = 1;
    for (const std::int64_t length : shape) {
        TUTTI_CHECK(length >= 0);
        if (length > 0 && count > most / length)
            throw InputError("an array of shape " + npy_shape_text(shape) + " is too large for a file");
        count *= length;
    }
    return count;
}

template <typename T>
const char* npy_type_name() {
    if constexpr (std::is_same_v<T, float>) return "float32";
    if constexpr (std::is_same_v<T, std::uint16_t>) return "float16";
    if constexpr (std::is_same_v<T, std::uint8_t>) return "uint8";
}

template <typename T>
void write_npy(const std::filesystem::path& file, const NpyShape& shape, std::span<const T> elements) {
    TUTTI_CHECK(npy_element_count(shape) == static_cast<std::int64_t>(elements.size()));
    PendingFile pending(file);
    const std::string header = header_of(descr<T>(), shape);
    pending.write(header.data(), header.size());
    pending.write(elements.data(), elements.size_bytes());
    pending.commit();
}

template <typename T>
std::vector<T> read_npy(const std::filesystem::path& file, const NpyShape& shape) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) fail(file, "is missing, or no regular file");
    std::ifstream stream(file, std::ios::binary);
    if (!stream) fail(file, "cannot be read");
    const std::string dictionary = read_header(stream, file);
    HeaderReader header(dictionary);
    if (!header.read()) fail(file, "is a NumPy file with a damaged header");
    const std::string expected = std::string("expected ") + npy_type_name<T>() + " " + npy_shape_text(shape);
    if (header.type != descr<T>())
        fail(file, "holds elements of type " + in_quotes(header.type) + "; " + expected);
    if (header.fortran_order) fail(file, "is in Fortran order; expected C order");
    if (header.shape != shape) fail(file, "has the shape " + npy_shape_text(header.shape) + "; " + expected);

    const auto data_begin = static_cast<std::int64_t>(stream.tellg());
    const std::int64_t bytes = npy_element_count(shape) * static_cast<std::int64_t>(sizeof(T));
    const auto size = static_cast<std::int64_t>(std::filesystem::file_size(file, error));
    if (error || size - data_begin != bytes) {
        fail(file, "has " + std::to_string(size - data_begin) + " bytes of data; " + expected + ", " +
                       std::to_string(bytes) + " bytes");
    }
    std::vector<T> elements(static_cast<std::size_t>(bytes) / sizeof(T));
    stream.read(reinterpret_cast<char*>(elements.data()), static_cast<std::streamsize>(bytes));
    if (!stream) fail(file, "cannot be read to its end");
    return elements;
}

template const char* npy_type_name<float>();
template const char* npy_type_name<std::uint16_t>();
template const char* npy_type_name<std::uint8_t>();
template void write_npy(const std::filesystem::path&, const NpyShape&, std::span<const float>);
template void write_npy(const std::filesystem::path&, const NpyShape&, std::span<const std::uint16_t>);
template void write_npy(const std::filesystem::path&, const NpyShape&, std::span<const std::uint8_t>);
template std::vector<float> read_npy(const std::filesystem::path&, const NpyShape&);
template std::vector<std::uint16_t> read_npy(const std::filesystem::path&, const NpyShape&);
template std::vector<std::uint8_t> read_npy(const std::filesystem::path&, const NpyShape&);

}  // namespace tutti
