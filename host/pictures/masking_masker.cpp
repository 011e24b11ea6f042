#include <algorithm>
#include <cmath>
#include <string>

#include "host/pictures/blame_panel.hpp"
#include "host/pictures/canvas.hpp"
#include "host/pictures/masking_axes.hpp"
#include "host/pictures/masking_pictures.hpp"
#include "host/pictures/named_regions.hpp"

namespace tutti {

namespace {

constexpr double picture_width = 1120.0;
constexpr double picture_height = 560.0;
constexpr Box plot = {78.0, 84.0, 890.0, 440.0};
constexpr Box panel = {918.0, 84.0, 1096.0, 440.0};
constexpr TextStyle name_style = {11.0, Anchor::middle, true};

/// What one masker does, by section and band group.
struct Harm {
    std::vector<double> clash;  ///< [band group][section]: with all targets, sone s
    std::vector<int> most;      ///< [band group][section]: whom it hides most; -1: nobody

    Harm(const MaskingResults& results, const MaskingShape& shape, int masker) {
        for (int group = 0; group < shape.groups; ++group) {
            for (int section = 0; section < shape.sections; ++section) {
                double sum = 0.0;
                float greatest = 0.0F;
                int target_of_it = -1;
                for (int target = 0; target < shape.objects; ++target) {
                    const float one = results.tracks.clash[shape.pair(section, group, target, masker)];
                    sum += static_cast<double>(one);
                    if (one <= greatest) continue;
                    greatest = one;
                    target_of_it = target;
                }
                clash.push_back(sum);
                most.push_back(target_of_it);
            }
        }
    }
};

class MaskerPainter {
  public:
    MaskerPainter(const MaskingScene& scene, int track)
        : results_(scene.results),
          track_(track),
          shape_(results_, results_.tracks),
          harm_(results_, shape_, track),
          scale_(harm_.clash.empty() ? 0.0 : *std::max_element(harm_.clash.begin(), harm_.clash.end())),
          frequencies_(plot),
          time_(results_, plot),
          canvas_(picture_width, picture_height, scene.scale) {}

    void paint(const std::filesystem::path& file) {
        paint_title();
        for (int group = 0; group < shape_.groups; ++group) {
            for (int section = 0; section < shape_.sections; ++section) paint_cell(group, section);
        }
        frequencies_.paint(canvas_);
        time_.paint(canvas_);
        paint_names();
        paint_panel(canvas_, panel, "It hides", targets());
        paint_amount_legend(
            canvas_, plot.left, plot.bottom + 68.0, 260.0, scale_,
            "clash with all others together, in sone s; white: less. A name: whom it hides most there.");
        canvas_.write(file);
    }

  private:
    std::size_t at(int group, int section) const {
        return static_cast<std::size_t>(group * shape_.sections + section);
    }

    Box cell(int group, int section) const {
        const double from = results_.from_s + section * results_.section_s;
        const double to = std::min(from + results_.section_s, results_.from_s + results_.duration_s);
        return frequencies_.band_group(group, time_.x(from), time_.x(to));
    }

    void paint_title() {
        const std::string& name = results_.tracks.objects[static_cast<std::size_t>(track_)].name;
        const TextStyle title{20.0, Anchor::start, true};
        canvas_.colour(ink);
        canvas_.text(24.0, 28.0, canvas_.shortened(name, title, 600.0) + ": where it hides others", title);
        canvas_.colour(grey_ink);
        canvas_.text(24.0, 56.0, "Stretches of " + amount_text(results_.section_s) + " s, ranges of 2.5 Cam",
                     {12.0});
    }

    void paint_cell(int group, int section) {
        const double place = scale_.place(harm_.clash[at(group, section)]);
        if (place < 0.0) return;
        canvas_.colour(colour_at(ColourMap::amount, place));
        canvas_.fill(cell(group, section));
    }

    /// Where it does at least a tenth of what it does at worst.
    void paint_names() {
        constexpr double least_place = 0.5;
        constexpr int most_names = 16;
        std::vector<int> labels(harm_.most.size(), -1);
        for (int group = 0; group < shape_.groups; ++group) {
            for (int section = 0; section < shape_.sections; ++section) {
                if (scale_.place(harm_.clash[at(group, section)]) < least_place) continue;
                labels[at(shape_.groups - 1 - group, section)] = harm_.most[at(group, section)];
            }
        }
        const double section_width = plot.width() * results_.section_s / std::max(results_.duration_s, 1e-9);
        const double room = std::max(section_width - 6.0, 130.0);
        const auto name_of = [&](int target) {
            return canvas_.shortened(results_.tracks.objects[static_cast<std::size_t>(target)].name,
                                     name_style, room);
        };
        const auto needs = [&](int target) {
            const double width = canvas_.text_width(name_of(target), name_style) + 6.0;
            return TextCells{static_cast<int>(std::ceil(width / section_width)), 1};
        };
        for (const NamedRegion& region :
             named_regions(labels, shape_.sections, shape_.groups, needs, most_names)) {
            const int low = shape_.groups - region.first_row - region.row_count;
            const Box first = cell(low + region.row_count - 1, region.first_column);
            const Box last = cell(low, region.first_column + region.column_count - 1);
            canvas_.text_on_colours(0.5 * (first.left + last.right), 0.5 * (first.top + last.bottom),
                                    name_of(region.label), name_style);
        }
    }

    std::vector<PanelLine> targets() const {
        std::vector<PanelLine> lines;
        for (int target = 0; target < shape_.objects; ++target) {
            double sum = 0.0;
            for (int section = 0; section < shape_.sections; ++section) {
                for (int group = 0; group < shape_.groups; ++group)
                    sum += static_cast<double>(
                        results_.tracks.clash[shape_.pair(section, group, target, track_)]);
            }
            if (sum <= 0.0) continue;
            lines.push_back({results_.tracks.objects[static_cast<std::size_t>(target)].name, sum,
                             amount_text(sum) + " sone s"});
        }
        std::stable_sort(lines.begin(), lines.end(),
                         [](const PanelLine& a, const PanelLine& b) { return a.amount > b.amount; });
        return lines;
    }

    const MaskingResults& results_;
    int track_;
    MaskingShape shape_;
    Harm harm_;
    AmountScale scale_;
    CamAxis frequencies_;
    TimeAxis time_;
    Canvas canvas_;
};

}  // namespace

void draw_masker(const MaskingScene& scene, int track, const std::filesystem::path& file) {
    MaskerPainter(scene, track).paint(file);
}

}  // namespace tutti
