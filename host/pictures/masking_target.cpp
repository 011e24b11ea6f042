#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "host/half_float.hpp"
#include "host/masking_columns.hpp"
#include "host/pictures/blame_panel.hpp"
#include "host/pictures/canvas.hpp"
#include "host/pictures/masking_axes.hpp"
#include "host/pictures/masking_pictures.hpp"
#include "host/pictures/named_regions.hpp"

namespace tutti {

namespace {

constexpr double picture_width = 1120.0;
constexpr double picture_height = 610.0;
constexpr Box plot = {78.0, 84.0, 890.0, 480.0};
constexpr Box panel = {918.0, 84.0, 1096.0, 480.0};
constexpr double heavily_masked_below_db = 6.0;
constexpr TextStyle region_style = {12.0, Anchor::middle, true};

/// "Plays 83 % of the time. Of what it plays: 31 % inaudible, 22 % heavily masked, 17 % partly masked, 30 %
/// clear."
std::string classes_text(const ObjectSummary& summary) {
    if (summary.active_share == 0.0) return "Never plays here.";
    return "Plays " + percent_text(summary.active_share) +
           " of the time. Of what it plays: " + percent_text(summary.audibility[0]) + " inaudible, " +
           percent_text(summary.audibility[1]) + " heavily masked, " + percent_text(summary.audibility[2]) +
           " partly masked, " + percent_text(summary.audibility[3]) + " clear";
}

void paint_margins(Canvas& canvas, const MaskingResults& results, int track, const Box& box) {
    const int columns = std::min(results.hop_count, static_cast<int>(box.width() * canvas.scale()));
    if (columns == 0) return;
    const std::vector<float> margins = margin_columns(results, results.tracks, track, columns);
    const int bands = MaskingShape(results, results.tracks).bands;
    std::vector<std::uint32_t> pixels(margins.size(), 0);
    for (int column = 0; column < columns; ++column) {
        for (int band = 0; band < bands; ++band) {
            const float margin = margins[static_cast<std::size_t>(column * bands + band)];
            if (std::isnan(margin)) continue;  // the paper
            pixels[static_cast<std::size_t>((bands - 1 - band) * columns + column)] =
                to_pixel(colour_at(ColourMap::margin, margin_place(static_cast<double>(margin))));
        }
    }
    canvas.image(box, columns, bands, pixels);
}

/// A coarse map of who hides the target: blocks of cells, most of whose active ones are at least heavily
/// masked, and who does most to the largest part of those, a third or more.
class MaskerBlocks {
  public:
    static constexpr int columns = 66;
    static constexpr int rows = 25;  ///< three display bands each

    MaskerBlocks(const MaskingResults& results, int track)
        : labels(static_cast<std::size_t>(columns * rows), -1) {
        const MaskingShape shape(results, results.tracks);
        const std::vector<int> strongest = strongest_maskers(results, track);
        for (int column = 0; column < columns; ++column) {
            const int first = column * shape.hops / columns;
            const int end = std::max(first + 1, (column + 1) * shape.hops / columns);
            for (int row = 0; row < rows && end <= shape.hops; ++row) {
                labels[static_cast<std::size_t>(row * columns + column)] =
                    label_of(results, shape, strongest, track, {first, end, (rows - 1 - row) * 3});
            }
        }
    }

    std::vector<int> labels;  ///< [row from the top][column]

  private:
    struct Block {
        int first_hop, end_hop, first_band;
    };

    static int label_of(const MaskingResults& results, const MaskingShape& shape,
                        const std::vector<int>& strongest, int track, const Block& block) {
        int active = 0;
        int masked = 0;
        std::map<int, int> votes;
        for (int hop = block.first_hop; hop < block.end_hop; ++hop) {
            for (int band = block.first_band; band < block.first_band + 3; ++band) {
                const float margin = from_half(results.tracks.margin_db[shape.cell(track, hop, band)]);
                if (std::isnan(margin)) continue;
                ++active;
                if (margin >= static_cast<float>(heavily_masked_below_db)) continue;
                ++masked;
                ++votes[strongest[static_cast<std::size_t>(hop * shape.bands + band)]];
            }
        }
        if (masked * 2 < std::max(active, 1)) return -1;
        const auto first = std::max_element(votes.begin(), votes.end(),
                                            [](const auto& a, const auto& b) { return a.second < b.second; });
        return first->second * 3 >= masked ? first->first : -1;
    }
};

void paint_masker_names(Canvas& canvas, const MaskingResults& results, int track, const Box& box) {
    constexpr int most_names = 14;
    constexpr double longest_name = 130.0;
    const double block_width = box.width() / MaskerBlocks::columns;
    const double block_height = box.height() / MaskerBlocks::rows;
    const auto name_of = [&](int masker) {
        const std::string& name = results.tracks.objects[static_cast<std::size_t>(masker)].name;
        return canvas.shortened(name, region_style, longest_name);
    };
    const auto needs = [&](int masker) {
        const double width = canvas.text_width(name_of(masker), region_style) + 8.0;
        return TextCells{static_cast<int>(std::ceil(width / block_width)), 1};
    };
    const MaskerBlocks blocks(results, track);
    const std::vector<NamedRegion> regions =
        named_regions(blocks.labels, MaskerBlocks::columns, MaskerBlocks::rows, needs, most_names);
    for (const NamedRegion& region : regions) {
        const double x = box.left + block_width * (region.first_column + 0.5 * region.column_count);
        const double y = box.top + block_height * (region.first_row + 0.5 * region.row_count);
        canvas.text_on_colours(x, y, name_of(region.label), region_style);
    }
}

}  // namespace

void draw_target(const MaskingScene& scene, int track, const std::filesystem::path& file) {
    const MaskingResults& results = scene.results;
    const ObjectSummary& summary = scene.tracks[static_cast<std::size_t>(track)];
    Canvas canvas(picture_width, picture_height, scene.scale);
    canvas.colour(ink);
    const std::string& name = results.tracks.objects[static_cast<std::size_t>(track)].name;
    const TextStyle title{20.0, Anchor::start, true};
    canvas.text(24.0, 28.0, canvas.shortened(name, title, 600.0) + ": where the mix hides it", title);
    canvas.colour(grey_ink);
    canvas.text(24.0, 56.0, classes_text(summary), {12.0});

    const CamAxis frequencies(plot);
    const TimeAxis time(results, plot);
    paint_margins(canvas, results, track, frequencies.modelled());
    frequencies.paint(canvas);
    time.paint(canvas);
    paint_masker_names(canvas, results, track, frequencies.modelled());

    std::vector<PanelLine> lines;
    for (const Blame& blame : summary.maskers) {
        lines.push_back({results.tracks.objects[static_cast<std::size_t>(blame.masker)].name, blame.share,
                         percent_text(blame.share)});
    }
    paint_panel(canvas, panel, "Hidden by", lines);
    paint_margin_legend(canvas, plot.left, plot.bottom + 74.0, 520.0);
    canvas.colour(grey_ink);
    canvas.text(plot.left + 545.0, plot.bottom + 74.0, "margin over the masked threshold, good to 3 dB;",
                {11.0});
    canvas.text(plot.left + 545.0, plot.bottom + 90.0,
                "white: it does not sound there; hatched: not modelled.", {11.0});
    canvas.text(plot.left + 545.0, plot.bottom + 106.0,
                "A name: who hides it most, where it is masked by 6 dB or less.", {11.0});
    canvas.write(file);
}

}  // namespace tutti
