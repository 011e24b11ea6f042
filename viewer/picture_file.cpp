#include "viewer/picture_file.hpp"

#include <vector>

#include "host/pictures/png_file.hpp"

namespace tutti::viewer {

void write_picture(const Picture& picture, const std::filesystem::path& file) {
    std::vector<std::uint32_t> pixels(static_cast<std::size_t>(picture.width));
    write_png(file, picture.width, picture.height, [&](int row) -> std::span<const std::uint32_t> {
        const std::uint8_t* from = picture.rgba.data() + std::size_t{4} * picture.width * row;
        for (std::uint32_t& pixel : pixels) {
            pixel = std::uint32_t{from[0]} << 16U | std::uint32_t{from[1]} << 8U | from[2];
            from += 4;
        }
        return pixels;
    });
}

}  // namespace tutti::viewer
