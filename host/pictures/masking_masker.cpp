#include <algorithm>
#include <cmath>
#include <string>

#include "host/masking_sentences.hpp"
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
constexpr double half_letter = 8.0;

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

    double section_width() const {
        return plot.width() * results_.section_s / std::max(results_.duration_s, 1e-9);
    }

    std::string name_of(int target) {
        return canvas_.shortened(results_.tracks.objects[static_cast<std::size_t>(target)].name, name_style,
                                 std::max(section_width() - 6.0, 130.0));
    }

    /// Where it does at least a tenth of what it does at worst, there first of all.
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
        const auto needs = [&](int target) {
            const double width = canvas_.text_width(name_of(target), name_style) + 6.0;
            return TextCells{static_cast<int>(std::ceil(width / section_width())), 1};
        };
        const std::vector<NamedRegion> regions =
            named_regions(labels, shape_.sections, shape_.groups, needs, most_names);
        const Box worst = paint_worst_name(labels, regions);
        for (const NamedRegion& region : regions) {
            const int low = shape_.groups - region.first_row - region.row_count;
            const Box first = cell(low + region.row_count - 1, region.first_column);
            const Box last = cell(low, region.first_column + region.column_count - 1);
            const double x = 0.5 * (first.left + last.right);
            const double y = 0.5 * (first.top + last.bottom);
            const std::string name = name_of(region.label);
            const double half = 0.5 * canvas_.text_width(name, name_style);
            const bool overlaps = x + half > worst.left && x - half < worst.right &&
                                  y + half_letter > worst.top && y - half_letter < worst.bottom;
            if (!overlaps) canvas_.text_on_colours(x, y, name, name_style);
        }
    }

    /// A name for the cell in which it hides most, unless it lies in a region that has one: over cells beside
    /// it where it is wider. Returns the name's place, an empty box where none was painted.
    Box paint_worst_name(const std::vector<int>& labels, const std::vector<NamedRegion>& regions) {
        const int worst = worst_cell(labels);
        if (worst < 0) return {};
        const int row = worst / shape_.sections;
        const int section = worst % shape_.sections;
        const bool has_name = std::any_of(regions.begin(), regions.end(), [&](const NamedRegion& region) {
            return row >= region.first_row && row < region.first_row + region.row_count &&
                   section >= region.first_column && section < region.first_column + region.column_count;
        });
        if (has_name) return {};
        const std::string name = name_of(labels[static_cast<std::size_t>(worst)]);
        const Box at = cell(shape_.groups - 1 - row, section);
        const double half = 0.5 * canvas_.text_width(name, name_style) + 3.0;
        const double x = std::clamp(at.middle_x(), plot.left + half, plot.right - half);
        canvas_.text_on_colours(x, at.middle_y(), name, name_style);
        return {x - half, at.middle_y() - half_letter, x + half, at.middle_y() + half_letter};
    }

    /// The place in `labels` of the cell in which it hides most; -1: none has a label.
    int worst_cell(const std::vector<int>& labels) const {
        int worst = -1;
        double most = 0.0;
        for (int i = 0; i < static_cast<int>(labels.size()); ++i) {
            const int group = shape_.groups - 1 - i / shape_.sections;
            const double clash = harm_.clash[at(group, i % shape_.sections)];
            if (labels[static_cast<std::size_t>(i)] < 0 || clash <= most) continue;
            most = clash;
            worst = i;
        }
        return worst;
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
                             (sum < 9.95 ? sone_text(sum) : amount_text(sum)) + " sone s"});
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
