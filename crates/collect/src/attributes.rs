//! The attributes of opening tags: which of them a reader of pages asks for.
use std::borrow::Cow;

/// True for attributes by which readers of pages choose, or that say something. Expects lower case.
fn is_kept(attribute: &str) -> bool {
    matches!(
        attribute,
        "id" | "class"
            | "role"
            | "itemprop"
            | "itemtype"
            | "itemscope"
            | "rel"
            | "style"
            | "hidden"
            | "aria-hidden"
            | "aria-modal"
            | "href"
            | "datetime"
            | "pubdate"
            | "content"
            | "property"
            | "name"
            | "type"
            | "http-equiv"
            | "charset"
            | "lang"
            | "title"
            | "data-component"
            | "data-testid"
            | "data-lp-replacement-content"
            | "summary"
    )
}

/// Adds the opening tag `whole` of an element `name` without what is idle in it.
pub(crate) fn push_tag(lean: &mut String, name: &str, whole: &str) {
    // Style sheets, icons and addresses in other languages.
    if name == "link" && !whole.to_ascii_lowercase().contains("canonical") {
        return;
    }
    let start = 1 + name.len();
    let Some(mut rest) = whole.get(start..).and_then(|rest| rest.strip_suffix('>')) else {
        lean.push_str(whole);
        return;
    };
    lean.push_str(whole.get(..start).unwrap_or(""));
    while let Some((attribute, value, after)) = attribute(rest) {
        rest = after;
        let small = if attribute.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(attribute.to_ascii_lowercase())
        } else {
            Cow::Borrowed(attribute)
        };
        if !is_kept(&small) {
            continue;
        }
        let bare = value.trim_matches(['"', '\'']);
        match &*small {
            // Whether a link leads elsewhere on its own page counts, and where else it leads to does not.
            "href" if name == "a" => {
                let elsewhere = !bare.starts_with('#') && !bare.starts_with("javascript");
                push_attribute(lean, attribute, if elsewhere { "\"/\"" } else { value });
            }
            "style" if !(bare.contains("display") || bare.contains("visibility")) => {}
            "title" if bare.len() > 60 || !bare.contains(|letter: char| letter.is_ascii_digit()) => {}
            _ => push_attribute(lean, attribute, value),
        }
    }
    lean.push_str(if whole.ends_with("/>") { "/>" } else { ">" });
}

fn push_attribute(lean: &mut String, name: &str, value: &str) {
    lean.push(' ');
    lean.push_str(name);
    if !value.is_empty() {
        lean.push('=');
        lean.push_str(value);
        // An unquoted value must not run into the end of an empty element's tag.
        if !value.ends_with(['"', '\'']) {
            lean.push(' ');
        }
    }
}

/// The next attribute in what is left of a tag (HTML standard, 13.2.5.32 to 13.2.5.39): its name, its value as it is
/// written, and what follows.
fn attribute(rest: &str) -> Option<(&str, &str, &str)> {
    let is_space = |letter: char| letter.is_ascii_whitespace();
    let rest = rest.trim_start_matches(|letter: char| is_space(letter) || letter == '/');
    if rest.is_empty() {
        return None;
    }
    // A sign of equality that begins a name is part of it.
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let end = rest.get(first..)?.find(|letter: char| is_space(letter) || matches!(letter, '=' | '/'));
    let (name, after) = rest.split_at(end.map_or(rest.len(), |end| first + end));
    let Some(value) = after.trim_start_matches(is_space).strip_prefix('=') else { return Some((name, "", after)) };
    let value = value.trim_start_matches(is_space);
    let end = match value.chars().next() {
        Some(mark @ ('"' | '\'')) => value.get(1..)?.find(mark).map_or(value.len(), |end| end + 2),
        _ => value.find(is_space).unwrap_or(value.len()),
    };
    let (value, after) = value.split_at(end);
    Some((name, value, after))
}

#[cfg(test)]
mod tests {
    use crate::lean::survey;

    #[test]
    fn attributes_by_which_nothing_is_chosen_go() {
        let lean = |html: &str| survey(html, 500).lean;
        assert_eq!(
            lean("<img class='photo' src=\"https://herald.example/a.jpg\" itemprop=image width=\"10\"/>"),
            "<img class='photo' itemprop=image />"
        );
        assert_eq!(lean("<p onclick=\"x('>')\" id = \"a\" hidden>a</p>"), "<p id=\"a\" hidden>a</p>");
        assert_eq!(lean("<a href=\"https://herald.example/1\" rel=author>a</a>"), "<a href=\"/\" rel=author >a</a>");
        assert_eq!(lean("<a href='#note'>a</a>"), "<a href='#note'>a</a>");
        assert_eq!(lean("<p class=\"a"), "<p class=\"a");
    }
}
