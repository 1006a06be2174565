//! One page of a column of a Parquet file: unpacked, and its values one after the other.
use crate::thrift::{Value, broken, unzigzag, varint};
use std::io::{self, Read};

/// What is to be known of a column to read its pages.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    kind: i64,
    /// Bytes of a value of fixed length.
    length: usize,
    most_defined: u8,
    /// 1 for columns of lists.
    pub most_repeated: u8,
    time: Option<Time>,
}

/// How a number stands for a time.
#[derive(Debug, Clone, Copy)]
enum Time {
    Days,
    /// This many a second; true where it is in UTC.
    Ticks(i64, bool),
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Text(Vec<u8>),
    Integer(i64),
    Real(f64),
}

/// Bytes of all pages that are held at once, one for each column and the dictionaries.
pub(crate) const MOST_BYTES: usize = 128 << 20;
/// Most values in one page.
const MOST_VALUES: usize = 4 << 20;

impl Column {
    /// A column as its `element` of the schema describes it, with its levels.
    pub fn new(element: &Value, most_defined: u8, most_repeated: u8) -> Self {
        let logical = element.field(10);
        let time = match (element.integer(6), logical) {
            (Some(6), _) => Some(Time::Days),
            (_, Some(logical)) if logical.field(6).is_some() => Some(Time::Days),
            (_, Some(logical)) if logical.field(8).is_some() => logical.field(8).map(|stamp| {
                let unit = stamp.field(2);
                let has = |number| unit.is_some_and(|unit| unit.field(number).is_some());
                let ticks = if has(1) {
                    1_000
                } else if has(2) {
                    1_000_000
                } else {
                    1_000_000_000
                };
                Time::Ticks(ticks, stamp.integer(1) == Some(1))
            }),
            (Some(9), _) => Some(Time::Ticks(1_000, true)),
            (Some(10), _) => Some(Time::Ticks(1_000_000, true)),
            _ if element.integer(1) == Some(3) => Some(Time::Ticks(1_000_000_000, false)),
            _ => None,
        };
        let length = element.integer(2).and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        Self { kind: element.integer(1).unwrap_or(-1), length, most_defined, most_repeated, time }
    }

    /// The day or time that `number` stands for, where the column holds such.
    pub fn time(&self, number: i64) -> Option<String> {
        match self.time? {
            Time::Days => {
                let day = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(number).ok()?).ok()?;
                Some(day.to_string())
            }
            Time::Ticks(ticks, in_utc) => {
                let stamp = jiff::Timestamp::from_second(number.div_euclid(ticks)).ok()?.to_string();
                Some(if in_utc { stamp } else { stamp.trim_end_matches('Z').to_owned() })
            }
        }
    }

    /// Bytes of a value of this kind in a plain page; none where each tells its own.
    fn fixed(&self) -> Option<usize> {
        match self.kind {
            1 | 4 => Some(4),
            2 | 5 => Some(8),
            3 => Some(12),
            7 => Some(self.length),
            _ => None,
        }
    }

    fn cell(&self, bytes: &[u8]) -> Cell {
        let eight = |from: usize| -> [u8; 8] {
            let mut all = [0; 8];
            for (to, byte) in all.iter_mut().zip(bytes.iter().skip(from)) {
                *to = *byte;
            }
            all
        };
        let [a, b, c, d, ..] = eight(0);
        match self.kind {
            1 => Cell::Integer(i64::from(i32::from_le_bytes([a, b, c, d]))),
            2 => Cell::Integer(i64::from_le_bytes(eight(0))),
            3 => {
                // Nanoseconds of the day, then the Julian day; 2440588 is 1 January 1970.
                let [e, f, g, h, ..] = eight(8);
                let day = i64::from(u32::from_le_bytes([e, f, g, h])) - 2_440_588;
                Cell::Integer(day.saturating_mul(86_400_000_000_000).saturating_add(i64::from_le_bytes(eight(0))))
            }
            4 => Cell::Real(f64::from(f32::from_le_bytes([a, b, c, d]))),
            5 => Cell::Real(f64::from_le_bytes(eight(0))),
            _ => Cell::Text(bytes.to_vec()),
        }
    }
}

/// An unpacked page.
#[derive(Debug)]
pub(crate) struct Page {
    defined: Vec<u32>,
    repeated: Vec<u32>,
    /// Values in the page, absent ones counted, and how many of them were taken.
    count: usize,
    taken: usize,
    bytes: Vec<u8>,
    values: Values,
}

#[derive(Debug)]
enum Values {
    /// One after the other in `bytes`, from this place on.
    Plain(usize),
    /// Places in the dictionary.
    Places(std::vec::IntoIter<u32>),
    /// Start and length of each in `bytes`.
    Parts(Vec<(usize, usize)>, usize),
    /// As `Parts`, each after so many bytes of the one before it.
    Suffixes {
        prefixes: std::vec::IntoIter<i64>,
        parts: std::vec::IntoIter<(usize, usize)>,
        last: Vec<u8>,
        budget: usize,
    },
    Numbers(std::vec::IntoIter<i64>),
}

impl Page {
    /// Reads the page that `header` describes; none for pages of other kinds than values and dictionaries.
    ///
    /// # Errors
    /// Where the page is broken, or has more than `room` bytes.
    pub fn read(header: &Value, packed: &mut dyn Read, codec: i64, column: &Column, room: usize) -> io::Result<Option<Self>> {
        let length = usize::try_from(header.integer(2).unwrap_or(-1)).map_err(|_| broken("a page has no possible length"))?;
        if length > room {
            let message = format!("the pages of the Parquet file are larger than the limit of {MOST_BYTES} bytes together");
            return Err(io::Error::new(io::ErrorKind::QuotaExceeded, message));
        }
        let kind = header.integer(1).unwrap_or(-1);
        let (about, dictionary) = match kind {
            0 => (header.field(5), false),
            2 => (header.field(7), true),
            3 => (header.field(8), false),
            _ => return Ok(None),
        };
        let about = about.ok_or_else(|| broken("a page has no header"))?;
        let count = usize::try_from(about.integer(1).unwrap_or(-1)).map_err(|_| broken("a page has no possible length"))?;
        if count > MOST_VALUES {
            return Err(broken(&format!("a page has more values than the limit of {MOST_VALUES}")));
        }
        let part = |number| about.integer(number).and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let (defined, repeated, bytes, encoding);
        if kind == 3 {
            // Levels stand before the values and are never packed.
            let mut levels = Vec::new();
            let (n_defined, n_repeated) = (part(5), part(6));
            packed.take((n_defined.saturating_add(n_repeated)) as u64).read_to_end(&mut levels)?;
            let (first, second) = levels.split_at(n_repeated.min(levels.len()));
            repeated = hybrid(first, width_of(column.most_repeated), count)?;
            defined = hybrid(second, width_of(column.most_defined), count)?;
            let rest = length.saturating_sub(levels.len());
            bytes = unpack(packed, if about.integer(7) == Some(0) { 0 } else { codec }, rest)?;
            encoding = about.integer(4).unwrap_or(-1);
        } else {
            let mut whole = unpack(packed, codec, length)?;
            encoding = about.integer(2).unwrap_or(-1);
            let mut at = 0;
            if dictionary {
                (defined, repeated) = (Vec::new(), Vec::new());
            } else {
                repeated = levels(&whole, &mut at, column.most_repeated, count)?;
                defined = levels(&whole, &mut at, column.most_defined, count)?;
            }
            whole.drain(..at.min(whole.len()));
            bytes = whole;
        }
        let encoding = if dictionary && encoding == 2 { 0 } else { encoding };
        let mut page = Self { defined, repeated, count, taken: 0, bytes, values: Values::Plain(0) };
        page.values = page.values(encoding, column, dictionary)?;
        Ok(Some(page))
    }

    fn values(&self, encoding: i64, column: &Column, dictionary: bool) -> io::Result<Values> {
        let present = if column.most_defined == 0 || dictionary {
            self.count
        } else {
            self.defined.iter().filter(|level| **level == u32::from(column.most_defined)).count()
        };
        match encoding {
            0 if dictionary => Ok(Values::Parts(self.parts(column, present)?, 0)),
            0 => Ok(Values::Plain(0)),
            2 | 8 => {
                let width = u32::from(self.bytes.first().copied().unwrap_or(0));
                Ok(Values::Places(hybrid(self.bytes.get(1..).unwrap_or_default(), width, present)?.into_iter()))
            }
            5 => Ok(Values::Numbers(deltas(&self.bytes, present)?.0.into_iter())),
            6 => {
                let (lengths, at) = deltas(&self.bytes, present)?;
                Ok(Values::Parts(parts_of(&lengths, at, self.bytes.len())?, 0))
            }
            7 => {
                let (prefixes, at) = deltas(&self.bytes, present)?;
                let (lengths, more) = deltas(self.bytes.get(at..).unwrap_or_default(), present)?;
                let parts = parts_of(&lengths, at + more, self.bytes.len())?.into_iter();
                Ok(Values::Suffixes { prefixes: prefixes.into_iter(), parts, last: Vec::new(), budget: 2 * MOST_BYTES })
            }
            other => Err(broken(&format!("its values are written in way {other}, which is not read"))),
        }
    }

    /// Where each value of a dictionary stands.
    fn parts(&self, column: &Column, count: usize) -> io::Result<Vec<(usize, usize)>> {
        let mut parts = Vec::new();
        let mut at = 0;
        for _ in 0..count {
            let (start, length) = self.plain(at, column)?;
            parts.push((start, length));
            at = start + length;
        }
        Ok(parts)
    }

    /// Start and length of the plain value at `at`.
    fn plain(&self, at: usize, column: &Column) -> io::Result<(usize, usize)> {
        let (start, length) = match column.fixed() {
            Some(length) => (at, length),
            None => {
                let head = self.bytes.get(at..at + 4).ok_or_else(|| broken("a page ends within a value"))?;
                let length = head.iter().rev().fold(0usize, |length, byte| length << 8 | usize::from(*byte));
                (at + 4, length)
            }
        };
        if start.checked_add(length).is_none_or(|end| end > self.bytes.len()) {
            return Err(broken("a page ends within a value"));
        }
        Ok((start, length))
    }

    /// Bytes that it holds.
    pub fn held(&self) -> usize {
        self.bytes.len()
    }

    /// True when every value was taken.
    pub fn is_done(&self) -> bool {
        self.taken >= self.count
    }

    /// True when the next value is the first of its row.
    pub fn starts_row(&self) -> bool {
        self.repeated.get(self.taken).is_none_or(|level| *level == 0)
    }

    /// The next value; none where the row has none.
    pub fn take(&mut self, column: &Column, dictionary: Option<&Self>, most: usize) -> io::Result<Option<Cell>> {
        let defined = self.defined.get(self.taken).copied();
        self.taken += 1;
        if column.most_defined > 0 && defined != Some(u32::from(column.most_defined)) {
            return Ok(None);
        }
        let short = || broken("a page has fewer values than it says");
        let slice = |bytes: &[u8], (start, length): (usize, usize)| -> io::Result<Cell> {
            if length > most {
                return Err(broken(&format!("a value is longer than the limit of {most} bytes")));
            }
            Ok(column.cell(bytes.get(start..start + length).ok_or_else(short)?))
        };
        let at = match &mut self.values {
            Values::Plain(at) => *at,
            Values::Places(places) => {
                let place = places.next().ok_or_else(short)? as usize;
                let dictionary = dictionary.ok_or_else(|| broken("a column has no dictionary"))?;
                let Values::Parts(parts, _) = &dictionary.values else { return Err(short()) };
                return slice(&dictionary.bytes, *parts.get(place).ok_or_else(short)?).map(Some);
            }
            Values::Parts(parts, next) => {
                let part = *parts.get(*next).ok_or_else(short)?;
                *next += 1;
                return slice(&self.bytes, part).map(Some);
            }
            Values::Suffixes { prefixes, parts, last, budget } => {
                let (start, length) = parts.next().ok_or_else(short)?;
                let prefix = usize::try_from(prefixes.next().ok_or_else(short)?).map_err(|_| short())?;
                last.truncate(prefix);
                last.extend_from_slice(self.bytes.get(start..start + length).ok_or_else(short)?);
                *budget = budget.checked_sub(last.len()).ok_or_else(|| broken("a page unpacks to more than is read"))?;
                if last.len() > most {
                    return Err(broken(&format!("a value is longer than the limit of {most} bytes")));
                }
                return Ok(Some(column.cell(last)));
            }
            Values::Numbers(numbers) => return Ok(Some(Cell::Integer(numbers.next().ok_or_else(short)?))),
        };
        let (start, length) = self.plain(at, column)?;
        self.values = Values::Plain(start + length);
        slice(&self.bytes, (start, length)).map(Some)
    }
}

/// Unpacks a page of `length` bytes.
fn unpack(packed: &mut dyn Read, codec: i64, length: usize) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let most = length as u64 + 1;
    match codec {
        0 => packed.take(most).read_to_end(&mut out)?,
        1 => {
            let mut whole = Vec::new();
            packed.take(MOST_BYTES as u64).read_to_end(&mut whole)?;
            if snap::raw::decompress_len(&whole).map_err(io::Error::other)? > length {
                return Err(broken("a page is longer than it says"));
            }
            out = snap::raw::Decoder::new().decompress_vec(&whole).map_err(|error| broken(&error.to_string()))?;
            out.len()
        }
        2 => flate2::read::MultiGzDecoder::new(packed).take(most).read_to_end(&mut out)?,
        4 => brotli_decompressor::Decompressor::new(packed, 4096).take(most).read_to_end(&mut out)?,
        6 => zstd::stream::read::Decoder::new(packed)?.take(most).read_to_end(&mut out)?,
        other => {
            let name = ["none", "Snappy", "gzip", "LZO", "Brotli", "LZ4", "Zstandard", "LZ4"];
            let name = usize::try_from(other).ok().and_then(|at| name.get(at).copied()).unwrap_or("an unknown codec");
            return Err(broken(&format!("it is packed with {name}, which is not read; write it with Snappy or Zstandard")));
        }
    };
    if out.len() > length {
        return Err(broken("a page is longer than it says"));
    }
    Ok(out)
}

fn width_of(most: u8) -> u32 {
    8 - most.leading_zeros()
}

/// Levels that stand before the values with their length.
fn levels(bytes: &[u8], at: &mut usize, most: u8, count: usize) -> io::Result<Vec<u32>> {
    if most == 0 {
        return Ok(Vec::new());
    }
    let head = bytes.get(*at..*at + 4).ok_or_else(|| broken("a page ends within its levels"))?;
    let length = head.iter().rev().fold(0usize, |length, byte| length << 8 | usize::from(*byte));
    let end = (*at + 4).saturating_add(length);
    let part = bytes.get(*at + 4..end).ok_or_else(|| broken("a page ends within its levels"))?;
    *at = end;
    hybrid(part, width_of(most), count)
}

/// Runs of one number and groups of eight packed into bits, mixed.
fn hybrid(bytes: &[u8], width: u32, count: usize) -> io::Result<Vec<u32>> {
    let mut out: Vec<u32> = Vec::new();
    if width == 0 {
        out.resize(count, 0);
        return Ok(out);
    }
    if width > 32 {
        return Err(broken("numbers in a page are wider than 32 bits"));
    }
    let mut rest = bytes;
    while out.len() < count {
        let (head, length) = varint(rest).ok_or_else(|| broken("a page has fewer values than it says"))?;
        rest = rest.get(length..).unwrap_or_default();
        if head & 1 == 1 {
            let length = usize::try_from(head >> 1).unwrap_or(usize::MAX).saturating_mul(width as usize).min(rest.len());
            let (packed, after) = rest.split_at(length);
            rest = after;
            let before = out.len();
            bits(packed, width, |number| {
                out.push(u32::try_from(number).unwrap_or(u32::MAX));
                out.len() < count
            });
            if out.len() == before {
                return Err(broken("a page has fewer values than it says"));
            }
        } else {
            let n_bytes = width.div_ceil(8) as usize;
            let value = rest.get(..n_bytes).ok_or_else(|| broken("a page ends within a run"))?;
            let value = value.iter().rev().fold(0u32, |value, byte| value << 8 | u32::from(*byte));
            rest = rest.get(n_bytes..).unwrap_or_default();
            let run = usize::try_from(head >> 1).unwrap_or(usize::MAX).min(count - out.len());
            if run == 0 {
                return Err(broken("a run in a page is empty"));
            }
            out.resize(out.len() + run, value);
        }
    }
    Ok(out)
}

/// Numbers of `width` bits, the lowest bit first, as long as `each` wants more.
fn bits(packed: &[u8], width: u32, mut each: impl FnMut(u64) -> bool) {
    let (mut held, mut n_held) = (0u128, 0u32);
    for byte in packed {
        held |= u128::from(*byte) << n_held;
        n_held += 8;
        while n_held >= width {
            let number = held & ((1u128 << width) - 1);
            if !each(u64::try_from(number).unwrap_or(u64::MAX)) {
                return;
            }
            held >>= width;
            n_held -= width;
        }
    }
}

/// Numbers as differences (DELTA_BINARY_PACKED), and how many bytes they take.
fn deltas(bytes: &[u8], most: usize) -> io::Result<(Vec<i64>, usize)> {
    let short = || broken("a page ends within its numbers");
    let mut at = 0;
    let number = |at: &mut usize| -> io::Result<u64> {
        let (value, length) = varint(bytes.get(*at..).unwrap_or_default()).ok_or_else(short)?;
        *at += length;
        Ok(value)
    };
    let (block, n_minis, total) = (number(&mut at)?, number(&mut at)?, number(&mut at)?);
    let mut last = unzigzag(number(&mut at)?);
    let total = usize::try_from(total).unwrap_or(usize::MAX);
    if total > most || n_minis == 0 || block == 0 || block > 1 << 20 || n_minis > block {
        return Err(broken("a page describes its numbers wrongly"));
    }
    let in_mini = usize::try_from(block / n_minis).unwrap_or(1).max(1);
    let mut out = Vec::new();
    if total > 0 {
        out.push(last);
    }
    while out.len() < total {
        let least = unzigzag(number(&mut at)?);
        let widths_at = at;
        at += usize::try_from(n_minis).unwrap_or(usize::MAX);
        let widths = bytes.get(widths_at..at).ok_or_else(short)?;
        for width in widths {
            if out.len() >= total {
                break;
            }
            let width = u32::from(*width);
            if width > 64 {
                return Err(broken("numbers in a page are wider than 64 bits"));
            }
            let length = (in_mini * width as usize).div_ceil(8);
            let mut left = in_mini.min(total - out.len());
            let mut add = |difference: u64| {
                last = last.wrapping_add(least).wrapping_add(difference.cast_signed());
                out.push(last);
                left -= 1;
                left > 0
            };
            if width == 0 {
                while add(0) {}
            } else {
                let packed = bytes.get(at..bytes.len().min(at.saturating_add(length))).ok_or_else(short)?;
                bits(packed, width, add);
                if left > 0 {
                    return Err(short());
                }
            }
            at += length;
        }
    }
    Ok((out, at))
}

fn parts_of(lengths: &[i64], from: usize, end: usize) -> io::Result<Vec<(usize, usize)>> {
    let mut at = from;
    let mut parts = Vec::with_capacity(lengths.len());
    for length in lengths {
        let length = usize::try_from(*length).map_err(|_| broken("a value has no possible length"))?;
        parts.push((at, length));
        at = at.checked_add(length).filter(|at| *at <= end).ok_or_else(|| broken("a page ends within a value"))?;
    }
    Ok(parts)
}
