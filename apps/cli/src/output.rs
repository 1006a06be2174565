//! What goes to the terminal: color only there, lines that fit it, and no control character out of a document.
use anstyle::{AnsiColor, Style};
use chancery_register::{Row, Value};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::io::{BufWriter, IsTerminal, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Titles and what matters most.
pub const BOLD: Style = Style::new().bold();
/// What is there for whoever looks for it: sources, ids.
pub const DIM: Style = Style::new().dimmed();
/// Dates.
pub const DATE: Style = AnsiColor::Cyan.on_default();
/// What happened, and what holds.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// What is expected or open.
pub const OPEN: Style = AnsiColor::Yellow.on_default();
/// What was denied, is late or contradicts.
pub const BAD: Style = AnsiColor::Red.on_default();

/// Standard output: buffered, with styles left out where it is no terminal.
pub struct Output {
    out: BufWriter<Box<dyn Write>>,
    width: Option<usize>,
}

impl Output {
    /// The program's standard output.
    pub fn stdout() -> Self {
        let stdout = std::io::stdout();
        let width = stdout
            .is_terminal()
            .then(|| terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0)).clamp(40, 120));
        Self { out: BufWriter::new(Box::new(anstream::AutoStream::auto(stdout))), width }
    }

    /// Columns to fit text into; 100 where there is no terminal.
    pub fn width(&self) -> usize {
        self.width.unwrap_or(100)
    }

    /// One line.
    pub fn line(&mut self, line: impl std::fmt::Display) -> std::io::Result<()> {
        writeln!(self.out, "{line}")
    }

    /// An empty line.
    pub fn gap(&mut self) -> std::io::Result<()> {
        writeln!(self.out)
    }

    /// Words from a document, wrapped to the width and indented; `style` goes around each line.
    pub fn words(&mut self, indent: usize, style: Style, words: &str) -> std::io::Result<()> {
        let width = self.width().saturating_sub(indent);
        for line in wrap(&plain(words), width) {
            writeln!(self.out, "{:indent$}{style}{line}{style:#}", "")?;
        }
        Ok(())
    }

    /// One JSON value on a line of its own.
    pub fn json(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        Ok(writeln!(self.out)?)
    }

    /// Rows under a header, in columns as wide as they need to be. On a terminal the last column is cut to fit.
    pub fn table(&mut self, header: &[&str], rows: &[Vec<String>]) -> std::io::Result<()> {
        let mut widths: Vec<usize> = header.iter().map(|title| title.width()).collect();
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        let limit = self.width;
        let mut line = |cells: &mut dyn Iterator<Item = &str>, style: Style| {
            let mut text = String::new();
            let last = widths.len().saturating_sub(1);
            for (at, (cell, width)) in cells.zip(&widths).enumerate() {
                text.push_str(cell);
                if at < last {
                    text.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 2));
                }
            }
            let text = limit.map_or(Cow::Borrowed(text.as_str()), |limit| cut(&text, limit));
            writeln!(self.out, "{style}{}{style:#}", text.trim_end())
        };
        line(&mut header.iter().copied(), DIM)?;
        for row in rows {
            line(&mut row.iter().map(String::as_str), Style::new())?;
        }
        Ok(())
    }

    /// Hands on what is still in the buffer.
    pub fn finish(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// A message to standard error; that it cannot be written is no reason to stop.
pub fn complain(message: &str) {
    for (n, line) in message.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let _ = writeln!(std::io::stderr(), "{}{:indent$}{}", if n == 0 { "chancery: " } else { "" }, "", plain(line));
    }
}

/// `text` in `style`, for use inside a line.
pub fn styled(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Words out of a document on one line: white space in single blanks, and no control or direction-changing character, so
/// that no document can write to the terminal what it likes.
pub fn plain(words: &str) -> String {
    let hostile = |sign: char| {
        sign.is_control()
            || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let words: String =
        words.chars().map(|sign| if sign.is_whitespace() { ' ' } else { sign }).filter(|&sign| !hostile(sign)).collect();
    words.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// `text`, cut to `width` columns with "…" at the end where it is longer.
pub fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let (mut end, mut taken) = (0, 1);
    for (at, sign) in text.char_indices() {
        taken += sign.width().unwrap_or(0);
        if taken > width {
            break;
        }
        end = at + sign.len_utf8();
    }
    Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default().trim_end()))
}

/// `text` in lines of at most `width` columns, broken at blanks.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.width() + 1 + word.width() > width.max(20) {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// "1 document", "2 documents".
pub fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// A row of a view as a JSON object, columns in their order.
pub struct Object<'r>(pub &'r Row);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.0.columns() {
            match value {
                Value::Absent => map.serialize_entry(name, &())?,
                Value::Integer(number) => map.serialize_entry(name, number)?,
                Value::Real(number) => map.serialize_entry(name, number)?,
                Value::Text(words) => map.serialize_entry(name, words)?,
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_cannot_steer_the_terminal() {
        assert_eq!(plain("signed\u{1b}[2J a\n\tpact \u{202e}tcap"), "signed[2J a pact tcap");
    }

    #[test]
    fn long_lines_are_cut_and_wrapped_by_columns_not_bytes() {
        assert_eq!(cut("Übereinkunft", 6), "Übere…");
        assert_eq!(cut("short", 6), "short");
        assert_eq!(wrap("one two three four five six seven", 20), ["one two three four", "five six seven"]);
    }
}
