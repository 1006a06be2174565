//! Mailboxes (mbox, RFC 4155) and single messages: each message with a page or text one document. Newsletters and digests
//! are archived like this.
use crate::formats::{Opened, Records, broken};
use crate::limits::Limits;
use crate::raw::{Form, Given, Raw, Refused};
use mail_parser::{MessageParser, PartType};
use std::io::{self, BufRead, Read};

/// True where a mailbox's first line begins, with a header under it.
pub(crate) fn sniff(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n');
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    let name = second.split(|byte| *byte == b':').next().unwrap_or_default();
    starts_message(first)
        && name.len() < second.len()
        && !name.is_empty()
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte == b'>')
}

/// "From jane@herald.example Fri Mar  4 09:05:00 2011": sender, and a time of day.
fn starts_message(line: &[u8]) -> bool {
    line.starts_with(b"From ") && line.len() < 400 && line.windows(3).any(|three| three.get(1) == Some(&b':') && is_digits(three))
}

fn is_digits(three: &[u8]) -> bool {
    three.first().is_some_and(u8::is_ascii_digit) && three.last().is_some_and(u8::is_ascii_digit)
}

/// One document a message.
pub(crate) fn records(opened: Opened, limits: &Limits) -> Records {
    if !starts_message(opened.head.split(|byte| *byte == b'\n').next().unwrap_or_default()) {
        let message = crate::formats::whole(opened, limits, Form::Text);
        return Box::new(message.map(|raw| raw.and_then(|raw| document(raw.source, &raw.bytes))));
    }
    Box::new(Mailbox {
        source: opened.source,
        reader: opened.reader,
        number: 0,
        after: opened.after,
        most: limits.document_bytes,
        next_began: false,
        done: false,
    })
}

struct Mailbox {
    source: String,
    reader: Box<dyn BufRead + Send>,
    /// Messages seen, counted from 1.
    number: u64,
    /// Messages up to this one are passed over.
    after: u64,
    most: usize,
    /// True where the line that begins the next message was read.
    next_began: bool,
    done: bool,
}

/// Longer lines are no line that begins a message; they are read in pieces.
const LONGEST_LINE: u64 = 64 << 10;

impl Mailbox {
    /// The next message, without the line that begins it; none after the last. True where it was cut at the limit.
    fn message(&mut self) -> io::Result<Option<(Vec<u8>, bool)>> {
        let mut message = Vec::new();
        let mut too_long = false;
        let mut began = std::mem::take(&mut self.next_began);
        let mut line = Vec::new();
        let mut after_gap = true;
        loop {
            line.clear();
            if self.reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
                self.done = true;
                return Ok(began.then_some((message, too_long)));
            }
            if after_gap && starts_message(&line) {
                if began {
                    self.next_began = true;
                    return Ok(Some((message, too_long)));
                }
                began = true;
                after_gap = false;
                continue;
            }
            after_gap = line.trim_ascii().is_empty();
            // Lines of the text that begin like that have a sign before them.
            let quoted = line.starts_with(b">") && line.trim_ascii_start().iter().find(|byte| **byte != b'>') == Some(&b'F');
            let own = if quoted { line.get(1..).unwrap_or_default() } else { &line };
            if message.len() + own.len() > self.most {
                too_long = true;
            } else if !too_long {
                message.extend_from_slice(own);
            }
        }
    }
}

impl Iterator for Mailbox {
    type Item = Result<Raw, Refused>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            let message = self.message();
            self.number += 1;
            let source = format!("{}#{}", self.source, self.number);
            match message {
                Err(error) => {
                    self.done = true;
                    return Some(Err(broken(&source, &error)));
                }
                Ok(None) => return None,
                Ok(Some(_)) if self.number <= self.after => {}
                Ok(Some((_, true))) => {
                    let message = format!("the message is longer than the limit of {} bytes", self.most);
                    return Some(Err(Refused::new(source, "limit-bytes", message)));
                }
                Ok(Some((bytes, false))) => return Some(document(source, &bytes)),
            }
        }
        None
    }
}

/// The page in a message, or its text where it has no page.
fn document(source: String, bytes: &[u8]) -> Result<Raw, Refused> {
    let refused = |code, message: &str| Refused::new(source.clone(), code, message);
    let message = MessageParser::default().parse(bytes).ok_or_else(|| refused("broken-mail", "the message cannot be read"))?;
    let page = message.parts.iter().find_map(|part| match &part.body {
        PartType::Html(page) => Some(page),
        _ => None,
    });
    let text = message.parts.iter().find_map(|part| match &part.body {
        PartType::Text(text) => Some(text),
        _ => None,
    });
    let mut raw = match (page, text) {
        (Some(page), _) => Raw::new(source, page.as_bytes(), Form::Html),
        (None, Some(text)) => Raw::new(source, text.as_bytes(), Form::Text),
        (None, None) => return Err(refused("no-text", "the message has neither a page nor text")),
    };
    let sender = message.from().and_then(|from| from.first());
    let name = sender.and_then(|sender| sender.name().or_else(|| sender.address()?.split('@').nth(1)));
    raw.given = Given {
        title: message.subject().map(|subject| subject.trim().to_owned()).filter(|subject| !subject.is_empty()),
        publisher: name.map(str::to_owned),
        published: message.date().map(mail_parser::DateTime::to_rfc3339),
        // The parts were decoded when the message was taken apart.
        charset: Some("utf-8".to_owned()),
        ..Given::default()
    };
    Ok(raw)
}
