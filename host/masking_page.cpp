#include "host/masking_page.hpp"

#include "engine/errors.hpp"
#include "host/masking_page/page.css.hpp"
#include "host/masking_page/page.html.hpp"
#include "host/masking_page/page.js.hpp"

namespace tutti {

namespace {

std::string escaped(const std::string& text) {
    std::string html;
    for (const char c : text) {
        switch (c) {
            case '&':
                html += "&amp;";
                break;
            case '<':
                html += "&lt;";
                break;
            case '>':
                html += "&gt;";
                break;
            case '"':
                html += "&quot;";
                break;
            default:
                html += c;
        }
    }
    return html;
}

/// The template up to a mark, and what stands in the mark's place; `rest` goes on behind it.
std::string take_until(std::string_view& rest, std::string_view mark, const std::string& in_its_place) {
    const std::size_t at = rest.find(mark);
    TUTTI_CHECK(at != std::string_view::npos);
    const std::string text = std::string(rest.substr(0, at)) + in_its_place;
    rest.remove_prefix(at + mark.size());
    return text;
}

}  // namespace

std::string masking_page(const MaskingResults& results, const MaskingAdvice& advice) {
    std::string_view rest = page_html;
    std::string page = take_until(rest, "<!--title-->", escaped(results.session_name));
    page += take_until(rest, "<!--style-->", std::string("<style>\n") + page_css + "</style>");
    page += take_until(rest, "<!--data-->", masking_page_data(results, advice));
    page += take_until(rest, "<!--script-->", std::string("<script>\n") + page_js + "</script>");
    return page.append(rest);
}

}  // namespace tutti
