#include "host/pictures/png_file.hpp"

#include <png.h>
#include <zlib.h>

#include <vector>

#include "engine/errors.hpp"
#include "host/pending_file.hpp"
#include "host/text.hpp"

namespace tutti {

namespace {

/// libpng ends a failed call with a longjmp, over which no destructor may lie: everything that has one is
/// made before.
class PngWriter {
  public:
    explicit PngWriter(PendingFile& file) : file_(file) {
        png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
        info_ = png_ != nullptr ? png_create_info_struct(png_) : nullptr;
    }
    ~PngWriter() { png_destroy_write_struct(&png_, &info_); }
    PngWriter(const PngWriter&) = delete;
    PngWriter& operator=(const PngWriter&) = delete;

    bool write(int columns, int rows, const std::function<std::span<const std::uint32_t>(int row)>& row) {
        if (info_ == nullptr) return false;
        bytes_.resize(3 * static_cast<std::size_t>(columns));
        if (setjmp(png_jmpbuf(png_)) != 0) return false;  // NOLINT: libpng's way to fail
        png_set_write_fn(
            png_, &file_,
            [](png_structp png, png_bytep bytes, std::size_t count) {
                static_cast<PendingFile*>(png_get_io_ptr(png))->write(bytes, count);  // fails at commit
            },
            nullptr);
        png_set_IHDR(png_, info_, static_cast<png_uint_32>(columns), static_cast<png_uint_32>(rows), 8,
                     PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                     PNG_FILTER_TYPE_DEFAULT);
        png_set_filter(png_, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
        png_set_compression_level(png_, 2);
        png_set_compression_strategy(png_, Z_DEFAULT_STRATEGY);
        png_write_info(png_, info_);
        for (int i = 0; i < rows; ++i) {
            std::size_t at = 0;
            for (const std::uint32_t pixel : row(i)) {
                bytes_[at++] = static_cast<png_byte>(pixel >> 16);
                bytes_[at++] = static_cast<png_byte>(pixel >> 8);
                bytes_[at++] = static_cast<png_byte>(pixel);
            }
            png_write_row(png_, bytes_.data());
        }
        png_write_end(png_, nullptr);
        return true;
    }

  private:
    PendingFile& file_;
    png_structp png_ = nullptr;
    png_infop info_ = nullptr;
    std::vector<png_byte> bytes_;
};

}  // namespace

void write_png(const std::filesystem::path& file, int columns, int rows,
               const std::function<std::span<const std::uint32_t>(int row)>& row) {
    PendingFile pending(file);
    if (!PngWriter(pending).write(columns, rows, row))
        throw InputError(printable(file.string()) + ": cannot be written: libpng failed");
    pending.commit();
}

}  // namespace tutti
