//! An article: what one document says, where it comes from, and which parts of it are the story.
use crate::Span;

/// One document after intake. `text` never changes after this: every span in Chancery is an offset into it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Article {
    /// SHA-256 of the raw bytes, lower-case hexadecimal: the key under which the register knows the document.
    pub id: String,
    /// Where the document was found: a path, or a path and a record in it (`dump.jsonl#12`).
    pub source: String,
    /// Address of the page, where the document shows one.
    pub url: Option<String>,
    /// Name of the publisher as the document gives it.
    pub publisher: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Author line as printed, without "By".
    pub byline: Option<String>,
    /// Place named in the dateline.
    pub dateline: Option<String>,
    /// Publication date and how it is known. Nothing is guessed: no sign of a date, no date.
    pub published: Option<Published>,
    /// ISO 639-1 code of the language of the text.
    pub language: Option<String>,
    /// The whole text that offsets refer to, parts that were cut included.
    pub text: String,
    /// The text cut into its parts, in order, without overlap; white space between parts belongs to none.
    pub blocks: Vec<Block>,
    /// Set when the article is (partly) a copy of an earlier one.
    pub copy_of: Option<Copy>,
}

impl Article {
    /// An article of nothing but text, one paragraph a line: for tests, rules' sentences and small programs.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        let mut blocks = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let span = Span::new(start, start + line.len()).trimmed(text);
            if !span.is_empty() {
                blocks.push(Block { span, kind: BlockKind::Paragraph });
            }
            start += line.len();
        }
        Self { text: text.to_owned(), blocks, ..Self::default() }
    }

    /// The blocks that are the story: headline and paragraphs.
    pub fn story(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|block| block.kind.is_story())
    }
}

/// One part of an article's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: BlockKind,
}

/// What a part of an article's text is. Everything but [`BlockKind::Headline`] and [`BlockKind::Paragraph`] is cut:
/// it stays in the text, is never read for findings, and is listed under `removed` with this reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BlockKind {
    /// The story's own headline.
    Headline,
    /// A paragraph, list item or sub-heading of the story.
    Paragraph,
    /// Teaser of another story.
    Teaser,
    /// "Related articles" and their like.
    Related,
    /// Photo caption or credit.
    Caption,
    /// Author line, dateline, or publisher line.
    Byline,
    /// A block that stood earlier in the text.
    Duplicate,
    /// Menus, share buttons, newsletter boxes, comments.
    Navigation,
    /// Anything else that is not the story.
    Other,
}

impl BlockKind {
    /// True for the parts that are read for findings.
    #[must_use]
    pub fn is_story(self) -> bool {
        matches!(self, Self::Headline | Self::Paragraph)
    }

    /// The reason under which `removed` lists such a block (`findings.md`); `None` for parts of the story.
    #[must_use]
    pub fn reason(self) -> Option<&'static str> {
        Some(match self {
            Self::Headline | Self::Paragraph => return None,
            Self::Teaser => "teaser",
            Self::Related => "related",
            Self::Caption => "caption",
            Self::Byline => "byline",
            Self::Duplicate => "duplicate",
            Self::Navigation => "navigation",
            Self::Other => "other",
        })
    }
}

/// A publication date with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// The day, ISO 8601 (`2018-01-30`).
    pub value: String,
    /// Time of day and zone where shown, ISO 8601 (`13:15:00+04:00`).
    pub time: Option<String>,
    /// How it is known.
    pub basis: DateBasis,
    /// The words that show it, where they stand in `text`.
    pub span: Option<Span>,
    /// 0 to 1.
    pub confidence: f32,
}

/// How a publication date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DateBasis {
    /// A field of the input, or the page's own metadata.
    Metadata,
    /// A dateline or a date line at the head of the text.
    Dateline,
    /// Other words of the text.
    Text,
    /// The name of the file.
    Filename,
}

impl DateBasis {
    /// The word of the interchange form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Dateline => "dateline",
            Self::Text => "text",
            Self::Filename => "filename",
        }
    }
}

/// That an article is a copy of another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Copy {
    /// `Article::id` of the original (the earliest one known).
    pub original: String,
    /// How much of it is copied.
    pub kind: CopyKind,
}

/// Kinds of copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CopyKind {
    /// Same text.
    Exact,
    /// The same report, printed by another outlet with small edits.
    Reprint,
    /// Part of another report.
    Partial,
    /// A later state of the same page.
    Version,
}
