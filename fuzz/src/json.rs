//! Changes JSON as JSON, a value at a time: bytes changed blindly are seldom more than a syntax
//! error.

use serde_json::{Map, Value};

/// Numbers that come out at the edges of something.
const NUMBERS: [u64; 12] = [
    0,
    1,
    2,
    3,
    5,
    17,
    255,
    4096,
    1 << 31,
    u32::MAX as u64,
    i64::MAX as u64,
    u64::MAX,
];

/// Words that mean something in a lab or a trace, and some that mean harm.
const WORDS: [&str; 44] = [
    "",
    "A",
    "B",
    "Z",
    "AA",
    "a",
    "b",
    "zz",
    "68",
    "68656c6c6f",
    "00",
    "ff",
    "e4bda0",
    "1b5b324a",
    "tcp",
    "udp",
    "client",
    "server",
    "send",
    "recv",
    "sendto",
    "recvfrom",
    "await",
    "pause",
    "close",
    "abort",
    "shutdown",
    "setsockopt",
    "signal",
    "pack",
    "acked",
    "read",
    "sent",
    "prefix",
    "header",
    "payload",
    ">I",
    "<q",
    "deadline",
    "1h",
    "\u{1b}[2J",
    "\u{202e}א",
    "你好",
    "a very long word that nobody made to fit into any column of a terminal of sixty columns",
];

/// A small generator of numbers (xorshift).
pub struct Dice(u64);

impl Dice {
    #[must_use]
    pub fn new(seed: u32) -> Self {
        let mut dice = Self(u64::from(seed) * 0x9e37_79b9 + 1);
        dice.below(2);
        dice
    }

    /// A number below `n`; 0 if there is none.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (n.max(1) as u64)).unwrap_or(0)
    }
}

/// Changes one line of JSON lines that begin behind `head` bytes; `None` if it came to nothing.
pub fn mutate(data: &[u8], head: usize, max: usize, seed: u32) -> Option<Vec<u8>> {
    let mut dice = Dice::new(seed);
    let text = std::str::from_utf8(data.get(head..)?).ok()?;
    // A lab file is one value over many lines, a trace is a value a line.
    let mut values: Vec<Value> = serde_json::Deserializer::from_str(text)
        .into_iter()
        .collect::<Result<_, _>>()
        .ok()?;
    if values.is_empty() {
        return None;
    }
    for _ in 0..=dice.below(3) {
        let i = dice.below(values.len());
        match dice.below(12) {
            0 => {
                let copy = values[i].clone();
                values.insert(i, copy);
            }
            1 if values.len() > 1 => {
                values.remove(i);
            }
            2 => {
                let j = dice.below(values.len());
                values.swap(i, j);
            }
            _ => change(&mut values[i], &mut dice),
        }
    }
    let mut out = data[..head].to_vec();
    for value in values {
        out.extend(serde_json::to_vec(&value).ok()?);
        out.push(b'\n');
    }
    (out.len() <= max).then_some(out)
}

/// Goes down to some value and changes it.
fn change(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Object(map) if !map.is_empty() && dice.below(8) > 0 => {
            let i = dice.below(map.len());
            if dice.below(10) == 0 {
                let key = map.keys().nth(i).cloned().unwrap_or_default();
                map.remove(&key);
            } else if let Some(inner) = map.values_mut().nth(i) {
                change(inner, dice);
            }
        }
        Value::Array(list) if !list.is_empty() && dice.below(8) > 0 => {
            let i = dice.below(list.len());
            match dice.below(8) {
                0 => {
                    list.remove(i);
                }
                1 => {
                    let copy = list[i].clone();
                    list.push(copy);
                }
                _ => change(&mut list[i], dice),
            }
        }
        Value::Number(n) => {
            let old = n.as_u64().unwrap_or(0);
            *value = match dice.below(4) {
                0 => old.wrapping_add(1).into(),
                1 => old.wrapping_sub(1).into(),
                2 => (old / 2).into(),
                _ => NUMBERS[dice.below(NUMBERS.len())].into(),
            };
        }
        Value::String(text) => match dice.below(4) {
            0 => *text += WORDS[dice.below(WORDS.len())],
            1 => *text = text.chars().rev().collect(),
            _ => *text = WORDS[dice.below(WORDS.len())].into(),
        },
        other => {
            *other = match dice.below(5) {
                0 => Value::Null,
                1 => Value::Bool(true),
                2 => NUMBERS[dice.below(NUMBERS.len())].into(),
                3 => Value::Object(Map::new()),
                _ => WORDS[dice.below(WORDS.len())].into(),
            };
        }
    }
}
