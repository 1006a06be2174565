//! Author lines into names, headlines without the name of the site.
use crate::words::{begins, english, fold, lower};

/// The names of the people in author lines such as "By Jane Roe and John Doe, Herald Correspondent".
pub(crate) fn people(lines: &[String], site: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in lines {
        for name in split(line) {
            let known = names.iter().any(|known| fold(known) == fold(&name));
            if !known && is_person(&name, site) {
                names.push(name);
            }
        }
    }
    names
}

fn split(line: &str) -> Vec<String> {
    let mut line = line.trim();
    if line.starts_with("http://") || line.starts_with("https://") || line.starts_with('{') {
        return Vec::new();
    }
    // What stands after these is a function, a paper or an address.
    for sign in ['|', '(', '[', '/', '•', '·', '\n', '<'] {
        line = line.split(sign).next().unwrap_or(line).trim();
    }
    let small = lower(line);
    if let Some(start) = begins(&small, &english().byline_starts) {
        let skipped: usize = line.chars().take(start.chars().count()).map(char::len_utf8).sum();
        line = line.get(skipped..).unwrap_or("").trim_start_matches([':', ' ']);
    }
    line.split([',', ';', '&', '，', '、'])
        .flat_map(apart)
        .map(|part| part.trim().trim_matches(['.', '-', '–', '—', '*', '"', ':']).trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// "Jane Roe and John Doe" is two.
fn apart(names: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for word in names.split_whitespace() {
        if english().name_joiners.contains(word) {
            found.push(String::new());
        } else if let Some(last) = found.last_mut() {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    found
}

/// The names in a field that holds authors alone, agencies and papers included.
pub(crate) fn signed(fields: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in fields.iter().flat_map(|field| split(field)) {
        let known = names.iter().any(|known| fold(known) == fold(&name));
        if !known
            && !name.contains(['@', '{', '='])
            && name.chars().filter(|letter| letter.is_alphabetic()).count() >= 2
            && name.len() <= 80
        {
            names.push(name);
        }
    }
    names
}

fn is_person(name: &str, site: Option<&str>) -> bool {
    let n_words = name.split_whitespace().count();
    let letters = name.chars().filter(|letter| letter.is_alphabetic()).count();
    let first = name.chars().next();
    (1..=6).contains(&n_words)
        && letters >= 2
        && first.is_some_and(|letter| letter.is_alphabetic() && !letter.is_lowercase() || letter.is_lowercase() && n_words >= 2)
        && !name.contains(['@', '{', '=', '_'])
        && !name.contains(|letter: char| letter.is_ascii_digit())
        && site.is_none_or(|site| fold(site) != fold(name))
        && !english().byline_lines.contains(&fold(name))
}

/// The headline without the site's name before or after it: "Pact signed | The Herald" is "Pact signed".
pub(crate) fn headline(title: &str, site: Option<&str>, host: Option<&str>, headings: &[String]) -> String {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for sign in [" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " ‹ ", " › ", " / "] {
        parts.extend(title.match_indices(sign).map(|(at, found)| (at, found.len())));
    }
    parts.sort_unstable();
    // A heading on the page that the title begins with shows where the headline ends.
    for heading in headings {
        if title.len() > heading.len() && parts.iter().any(|(at, _)| *at == heading.len()) && title.starts_with(heading.as_str())
        {
            return heading.clone();
        }
    }
    let is_site = |part: &str| -> bool {
        let folded = fold(part).replace(' ', "");
        let known = |name: &str| {
            let name = fold(name).replace(' ', "");
            let name = name.trim_start_matches("the").trim_start_matches("www");
            let folded = folded.trim_start_matches("the");
            !name.is_empty()
                && folded.len() >= 2
                && (name.contains(folded) && folded.len() * 2 >= name.len() || folded.contains(name) && name.len() >= 3)
        };
        site.is_some_and(known)
            || host.is_some_and(|host| known(host.trim_start_matches("www.").split('.').next().unwrap_or(host)))
    };
    let mut end = title.len();
    for &(at, length) in parts.iter().rev() {
        let tail = title.get(at + length..end).unwrap_or("");
        if is_site(tail) {
            end = at;
        } else if end == title.len() {
            // "Pact signed | World | The Herald": the name stands last, sections before it.
            break;
        } else if tail.split_whitespace().count() <= 2 && title.get(at..).is_some_and(|rest| rest.starts_with(" | ")) {
            end = at;
        } else {
            break;
        }
    }
    let mut start = 0;
    if let Some(&(at, length)) = parts.first()
        && at < end
        && is_site(title.get(..at).unwrap_or(""))
    {
        start = at + length;
    }
    let cleaned = title.get(start..end).unwrap_or("").trim();
    if cleaned.is_empty() { title } else { cleaned.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{headline, people};

    fn names(line: &str) -> Vec<String> {
        people(&[line.to_owned()], Some("The Herald"))
    }

    #[test]
    fn author_lines_give_names() {
        assert_eq!(names("By Jane Roe and John Doe"), ["Jane Roe", "John Doe"]);
        assert_eq!(names("Jane Roe, Staff Writer | The Herald"), ["Jane Roe"]);
        assert_eq!(names("The Herald"), Vec::<String>::new());
        assert_eq!(names("https://herald.example/authors/1"), Vec::<String>::new());
    }

    #[test]
    fn the_sites_name_goes() {
        let clean = |title: &str| headline(title, Some("The Herald"), Some("www.herald.example"), &[]);
        assert_eq!(clean("Pact signed | The Herald"), "Pact signed");
        assert_eq!(clean("Herald - Pact signed"), "Pact signed");
        assert_eq!(clean("Pact signed | World | The Herald"), "Pact signed");
        assert_eq!(clean("Ferries - a history"), "Ferries - a history");
        assert_eq!(headline("Pact signed - Gazette", None, None, &["Pact signed today".to_owned()]), "Pact signed - Gazette");
        assert_eq!(headline("Pact signed today - Gazette", None, None, &["Pact signed today".to_owned()]), "Pact signed today");
    }
}
