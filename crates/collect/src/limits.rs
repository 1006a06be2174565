//! The caps that keep one bad input from taking the run with it.
use std::time::Duration;

/// What one document, and one archive of documents, may cost. Whoever passes a limit gets a notice that names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Largest document, in bytes, after decompression. Archives of many documents may be larger.
    pub document_bytes: usize,
    /// Largest ratio of decompressed to compressed bytes, looked at after [`Limits::ratio_from`] bytes have come out.
    pub ratio: u64,
    /// From how many decompressed bytes on the ratio counts.
    pub ratio_from: u64,
    /// Deepest nesting of elements of a page, or of values in JSON, that is handed to a parser.
    pub depth: usize,
    /// Most elements of a page that is handed to a parser.
    pub elements: usize,
    /// Most steps from the root that all elements of a page may be away, added up: parsers walk these paths.
    pub steps: usize,
    /// Most bytes of text of a page that is handed to a parser, each counted once for every element that it is in: the text of
    /// an element is gathered again for each element around it.
    pub carried_text: usize,
    /// Longest page that is handed to a parser, in bytes, scripts and styles left out.
    pub page_bytes: usize,
    /// How many archives may lie inside one another (`a.warc.gz` is two).
    pub nesting: usize,
    /// Largest zip archive, in bytes as it lies there: its list of files stands at its end.
    pub zip_bytes: usize,
    /// Most files in a zip archive: all of them are listed before the first is read.
    pub zip_files: u64,
    /// Most bytes of text that are kept of one document.
    pub text_bytes: usize,
    /// How long one document may be read, by the clock on the wall. Intake reads no clock, so that the same bytes always
    /// give the same article: whoever runs it looks at this one and gives the document up. The other limits see to it that
    /// it is never reached but by a fault of ours, or on a machine that is stopped.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 32 << 20,
            ratio: 200,
            ratio_from: 16 << 20,
            depth: 500,
            elements: 50_000,
            steps: 1_000_000,
            carried_text: 32 << 20,
            page_bytes: 4 << 20,
            nesting: 4,
            zip_bytes: 96 << 20,
            zip_files: 100_000,
            text_bytes: 8 << 20,
            time: Duration::from_secs(120),
        }
    }
}
