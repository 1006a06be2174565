//! Reads what Parquet files say about themselves: Thrift's compact protocol, as far as Parquet uses it
//! (<https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>).
use std::io;

/// One value; fields of structures by their numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Integer(i64),
    Bytes(Vec<u8>),
    List(Vec<Value>),
    Structure(Vec<(i16, Value)>),
    /// Numbers with a point, maps: not needed.
    Other,
}

/// Structures and lists may lie inside one another this deep; Parquet's need six.
const DEEPEST: usize = 16;
/// Values of one structure, all that lie in it counted.
const MOST: usize = 2_000_000;

impl Value {
    /// The structure at the start of `bytes`, and how many bytes it takes.
    ///
    /// # Errors
    /// Where the bytes end too early, are no such structure, or hold more than is read.
    pub fn read(bytes: &[u8]) -> io::Result<(Self, usize)> {
        let mut reader = Reader { bytes, at: 0, left: MOST };
        let value = reader.structure(0)?;
        Ok((value, reader.at))
    }

    /// Field `number` of a structure.
    pub fn field(&self, number: i16) -> Option<&Self> {
        let Self::Structure(fields) = self else { return None };
        fields.iter().find(|(own, _)| *own == number).map(|(_, value)| value)
    }

    /// Field `number` as a whole number.
    pub fn integer(&self, number: i16) -> Option<i64> {
        match self.field(number)? {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// Field `number` as a list; an empty one where there is none.
    pub fn list(&self, number: i16) -> &[Self] {
        match self.field(number) {
            Some(Self::List(list)) => list,
            _ => &[],
        }
    }

    /// The text that this is.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// How many more values may be read.
    left: usize,
}

pub(crate) fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the Parquet file is broken: {what}"))
}

impl Reader<'_> {
    fn byte(&mut self) -> io::Result<u8> {
        let byte = self.bytes.get(self.at).copied().ok_or_else(|| broken("its description ends too early"))?;
        self.at += 1;
        Ok(byte)
    }

    fn varint(&mut self) -> io::Result<u64> {
        let (value, length) = varint(self.bytes.get(self.at..).unwrap_or_default())
            .ok_or_else(|| broken("its description ends within a number"))?;
        self.at += length;
        Ok(value)
    }

    fn zigzag(&mut self) -> io::Result<i64> {
        Ok(unzigzag(self.varint()?))
    }

    fn structure(&mut self, depth: usize) -> io::Result<Value> {
        let mut fields = Vec::new();
        let mut number: i16 = 0;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Ok(Value::Structure(fields));
            }
            number = match head >> 4 {
                0 => i16::try_from(self.zigzag()?).map_err(|_| broken("a field has no possible number"))?,
                step => number.checked_add(i16::from(step)).ok_or_else(|| broken("a field has no possible number"))?,
            };
            let value = match head & 0x0f {
                1 => Value::Integer(1),
                2 => Value::Integer(0),
                kind => self.value(kind, depth)?,
            };
            fields.push((number, value));
        }
    }

    fn value(&mut self, kind: u8, depth: usize) -> io::Result<Value> {
        self.left = self.left.checked_sub(1).ok_or_else(|| broken("its description holds more than is read"))?;
        if depth > DEEPEST {
            return Err(broken("its description is nested too deep"));
        }
        Ok(match kind {
            // Within lists a truth value is a byte of its own.
            1 | 2 => Value::Integer(i64::from(self.byte()? == 1)),
            3 => Value::Integer(i64::from(self.byte()?.cast_signed())),
            4..=6 => Value::Integer(self.zigzag()?),
            7 => {
                self.at += 8;
                Value::Other
            }
            8 => {
                let length = usize::try_from(self.varint()?).unwrap_or(usize::MAX);
                let end = self.at.checked_add(length).ok_or_else(|| broken("a text has no possible length"))?;
                let bytes = self.bytes.get(self.at..end).ok_or_else(|| broken("its description ends within a text"))?;
                self.at = end;
                Value::Bytes(bytes.to_vec())
            }
            9 | 10 => {
                let head = self.byte()?;
                let length = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
                let mut list = Vec::new();
                for _ in 0..length {
                    list.push(self.value(head & 0x0f, depth + 1)?);
                }
                Value::List(list)
            }
            11 => {
                let length = self.varint()?;
                let kinds = if length > 0 { self.byte()? } else { 0 };
                for _ in 0..length {
                    self.value(kinds >> 4, depth + 1)?;
                    self.value(kinds & 0x0f, depth + 1)?;
                }
                Value::Other
            }
            12 => self.structure(depth + 1)?,
            _ => return Err(broken("its description holds a value of an unknown kind")),
        })
    }
}

/// A number of seven bits a byte at the start of `bytes`, and how many bytes it takes.
pub(crate) fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0u64;
    for (at, byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}

/// Numbers with a sign as Thrift and Parquet write them: 0, -1, 1, -2, …
pub(crate) fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::{Value, unzigzag};

    #[test]
    fn fields_are_found_by_their_numbers() {
        // 1: i32 = 5; 3: binary = "ab"; 20: list of i32 = [1, -1].
        let bytes = [0x15, 0x0a, 0x28, 0x02, b'a', b'b', 0x09, 0x28, 0x25, 0x02, 0x01, 0x00];
        let (value, length) = Value::read(&bytes).expect("a structure");
        assert_eq!((value.integer(1), length), (Some(5), bytes.len()));
        assert_eq!(value.field(3).and_then(Value::text).as_deref(), Some("ab"));
        assert_eq!(value.list(20), [Value::Integer(1), Value::Integer(-1)]);
        assert_eq!(unzigzag(3), -2);
    }

    #[test]
    fn endless_descriptions_are_refused() {
        assert!(Value::read(&[0x1c; 1000]).is_err(), "structures within structures");
        assert!(Value::read(&[0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 0x0f]).is_err(), "a list longer than the file");
    }
}
