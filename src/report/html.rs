//! Pages of HTML: what they have in common. No script, no picture, nothing from outside.
//!
//! Every text that is put on a page loses its markup and its control characters here.

use crate::source::escape_control;

/// Readable in light and dark, on a telephone and on paper; long words break.
const STYLE: &str = ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;\
margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere;color:#1a1a1a;background:#fff}h1{font-size:1.6rem;line-height:1.25}\
h2{font-size:1.3rem;margin:2rem 0 .3rem}h3{font-size:1rem;margin:1rem 0 .3rem}h1,h2,h3,summary{break-after:avoid}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}}";

/// A page. `title` is text; `style` and `body` are markup.
pub(super) fn page(title: &str, style: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}{style}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
}

/// A text without markup.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in escape_control(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
