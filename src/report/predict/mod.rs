//! A prediction of what the reads of a recorded run returned, held against what they did return,
//! and against what the transport allows.
//!
//! The right answer stands nowhere but in the run.

mod notation;

pub use notation::{Marks, Unreadable, parse, write};

use super::legal::{self, Broken, Model, Range, Reads, Rule, Unmodelled, Waits};
use super::{At, Flow, Outcome, Report, Segments};
use crate::event::{Label, RunTrace, Side, Transport};

/// The most bytes that a person is asked about.
const MOST_BYTES: u64 = 200;
/// The most reads.
const MOST_READS: usize = 16;
/// Among so many legal outcomes choices are looked for.
const MOST_LEGAL: usize = 500;

/// What a person is asked of a run: what each read will return.
#[derive(Clone, Debug)]
pub struct Question {
    /// Who wrote what is read.
    pub from: Side,
    /// Predictions to choose from. One of them is right; their order does not say which.
    pub choices: Vec<Vec<Vec<u8>>>,
    script: Model,
    transport: Transport,
    /// What was written.
    stream: Vec<u8>,
    /// The messages: name, and where each ends.
    messages: Vec<(Label, u64)>,
    /// What carried them.
    segments: Segments,
    /// What the reads did return.
    came: Vec<Vec<u8>>,
}

/// Why nothing is asked of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unasked {
    /// What may come of it is not known.
    Unmodelled(Unmodelled),
    /// Nobody wants to type so much.
    TooLong,
    /// Nothing was read.
    NothingRead,
    /// It did not come to its end.
    NotOver,
}

/// What a prediction is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Worth {
    /// It is what happened.
    Right,
    /// It could have happened, and did not.
    Legal(Option<Timing>),
    /// The transport allows it; it is this script that waits for something else.
    NotHere(Option<Timing>),
    /// No timing gives it.
    Impossible(Broken),
}

/// What would have to be otherwise for a legal prediction to come true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Timing {
    /// This read, from 0, comes before this message does.
    BeforeArrival(usize, Label),
    /// The same, and for that the message leaves in a later segment than what is before it: this
    /// time one segment carried both.
    Apart(usize, Label),
    /// A segment ends inside this message, after so many bytes, and this read comes then.
    Torn(usize, Label, u64),
    /// This read comes only when this message is there as well.
    AfterArrival(usize, Label),
    /// These datagrams are dropped.
    Dropped(Vec<Label>),
    /// These datagrams are not dropped.
    NotDropped(Vec<Label>),
}

impl Question {
    /// What is to be asked of a run.
    ///
    /// # Errors
    /// Says why nothing is.
    pub fn of(
        run: &RunTrace,
        report: &Report,
        script: Result<Model, Unmodelled>,
    ) -> Result<Self, Unasked> {
        let script = script.map_err(Unasked::Unmodelled)?;
        if matches!(report.outcome, Outcome::Interrupted | Outcome::Deadline) {
            return Err(Unasked::NotOver);
        }
        let transport = run.transport;
        let asked = |flow: &&Flow| !flow.ranges.reads.is_empty();
        let flow = report
            .flows
            .iter()
            .find(asked)
            .ok_or(Unasked::NothingRead)?;
        if flow.bytes_sent > MOST_BYTES || flow.ranges.reads.len() > MOST_READS {
            return Err(Unasked::TooLong);
        }
        let from = flow.direction.from;
        let mut question = Self {
            from,
            choices: Vec::new(),
            script,
            transport,
            stream: stream(run, flow),
            messages: flow
                .ranges
                .messages
                .iter()
                .map(|message| (message.label, message.end))
                .collect(),
            segments: flow.segments.clone(),
            came: came(run, flow),
        };
        // What did happen is legal, or the model knows too little of this script to judge by it.
        let reads: Vec<&[u8]> = question.came.iter().map(Vec::as_slice).collect();
        if legal::check(&question.script, from, &reads, Waits::Kept).is_err() {
            return Err(Unasked::Unmodelled(Unmodelled::Step));
        }
        question.choices = question.choose(&sizes(run, flow));
        Ok(question)
    }

    /// What the reads did return.
    pub fn came(&self) -> &[Vec<u8>] {
        &self.came
    }

    /// These bytes of what was written.
    pub fn bytes(&self, (start, end): Range) -> &[u8] {
        let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
        let bytes = range.and_then(|(start, end)| self.stream.get(start..end));
        bytes.unwrap_or_default()
    }

    /// What somebody typed: a number chooses, anything else is a prediction of one's own.
    ///
    /// # Errors
    /// Says what cannot be read. A number that is neither a choice nor was ever sent is a slip.
    pub fn understand(&self, typed: &str) -> Result<Vec<Vec<u8>>, Unreadable> {
        let number = typed.parse::<usize>().ok();
        let place = number.and_then(|number| number.checked_sub(1));
        if let Some(choice) = place.and_then(|place| self.choices.get(place)) {
            return Ok(choice.clone());
        }
        let sent = |digits: &[u8]| self.stream.windows(digits.len()).any(|part| part == digits);
        if number.is_some() && !sent(typed.as_bytes()) {
            return Err(Unreadable::Choice(self.choices.len()));
        }
        parse(typed, Marks::beside(&self.stream))
    }

    /// Holds a prediction against what happened and what could have.
    pub fn judge(&self, guess: &[Vec<u8>]) -> Worth {
        let mut guess = guess;
        // Who writes down that the last read finds the end of the stream is right.
        while !self.transport.keeps_edges()
            && let Some((last, before)) = guess.split_last()
            && last.is_empty()
            && before.concat().len() == self.stream.len()
        {
            guess = before;
        }
        if guess == self.came {
            return Worth::Right;
        }
        let reads: Vec<&[u8]> = guess.iter().map(Vec::as_slice).collect();
        match legal::check(&self.script, self.from, &reads, Waits::Kept) {
            Ok(()) => Worth::Legal(self.timing(guess)),
            Err(Broken {
                rule: Rule::Wait, ..
            }) => Worth::NotHere(self.timing(guess)),
            Err(broken) => Worth::Impossible(broken),
        }
    }

    /// What happened, what else could have, and what people expect.
    fn choose(&self, sizes: &[u64]) -> Vec<Vec<Vec<u8>>> {
        const MOST: usize = 4;
        let legal = legal::enumerate(&self.script, Waits::Ignored, MOST_LEGAL).outcomes;
        let untorn = |reads: &&Reads| self.script.torn(self.from, reads.from(self.from)) == 0;
        let whole: Vec<&Reads> = legal.iter().filter(untorn).collect();
        let largest = whole.first().copied();
        let apart = whole
            .iter()
            .copied()
            .max_by_key(|reads| reads.from(self.from).len());
        let bytes = |reads: &Reads| -> Vec<Vec<u8>> {
            let ranges = reads.from(self.from).iter();
            ranges.map(|range| self.bytes(*range).to_vec()).collect()
        };
        let cut = legal.iter().find(|reads| reads.from(self.from).len() > 1);
        let wanted = [
            Some(self.came.clone()),
            Some(self.one_each(sizes)),
            largest.map(bytes),
            apart.map(bytes),
            Some(self.one_each(&[])),
            Some(vec![self.stream.clone()]),
            cut.map(bytes),
        ];
        let mut choices: Vec<Vec<Vec<u8>>> = Vec::new();
        for choice in wanted.into_iter().flatten() {
            if choices.len() < MOST && !choice.is_empty() && !choices.contains(&choice) {
                choices.push(choice);
            }
        }
        // An order that does not know which one is right.
        choices.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        choices
    }

    /// What somebody expects who takes each read for one message: cut to its buffer if that is
    /// given, the rest gone.
    fn one_each(&self, sizes: &[u64]) -> Vec<Vec<u8>> {
        let mut start = 0;
        let reads = self.messages.iter().enumerate().map(|(i, (_, end))| {
            let asked = sizes.get(i).or(sizes.last()).copied().unwrap_or(u64::MAX);
            let read = self.bytes((start, (*end).min(start.saturating_add(asked))));
            start = *end;
            read.to_vec()
        });
        reads.collect()
    }

    fn timing(&self, guess: &[Vec<u8>]) -> Option<Timing> {
        if self.transport.keeps_edges() {
            return self.dropped(guess);
        }
        let ends = |reads: &[Vec<u8>]| {
            let each = reads.iter().scan(0, |end, read| {
                *end += read.len() as u64;
                Some(*end)
            });
            each.collect::<Vec<u64>>()
        };
        let (guessed, came) = (ends(guess), ends(&self.came));
        let (read, (guessed, came)) = guessed
            .iter()
            .zip(&came)
            .enumerate()
            .find(|(_, (guessed, came))| guessed != came)?;
        // The message that holds the byte at this offset, and where it begins.
        let message_at = |offset: u64| {
            let place = self.messages.partition_point(|(_, end)| *end <= offset);
            let start = place.checked_sub(1).map_or(0, |i| self.messages[i].1);
            self.messages.get(place).map(|(label, _)| (*label, start))
        };
        Some(if guessed < came {
            let (label, start) = message_at(*guessed)?;
            match guessed - start {
                0 if self.segments.at(*guessed) == At::Inside => Timing::Apart(read, label),
                0 => Timing::BeforeArrival(read, label),
                bytes => Timing::Torn(read, label, bytes),
            }
        } else {
            let (label, _) = message_at(guessed - 1)?;
            Timing::AfterArrival(read, label)
        })
    }

    /// Which datagrams came in one outcome and not in the other.
    fn dropped(&self, guess: &[Vec<u8>]) -> Option<Timing> {
        let labels = |reads: &[Vec<u8>]| {
            let mut reads = reads.iter().peekable();
            let mut start = 0;
            let mut came = Vec::new();
            for (label, end) in &self.messages {
                let sent = self.bytes((start, *end));
                start = *end;
                let is_it = |read: &&Vec<u8>| sent.starts_with(read);
                if reads.next_if(is_it).is_some() {
                    came.push(*label);
                }
            }
            came
        };
        let (guessed, came) = (labels(guess), labels(&self.came));
        let less = |a: &[Label], b: &[Label]| -> Vec<Label> {
            a.iter()
                .filter(|label| !b.contains(label))
                .copied()
                .collect()
        };
        let (lost, found) = (less(&came, &guessed), less(&guessed, &came));
        match (lost.is_empty(), found.is_empty()) {
            (false, _) => Some(Timing::Dropped(lost)),
            (true, false) => Some(Timing::NotDropped(found)),
            (true, true) => None,
        }
    }
}

fn stream(run: &RunTrace, flow: &Flow) -> Vec<u8> {
    let spans = flow.ranges.writes.iter();
    let writes = spans.filter_map(|span| run.events[span.event].action.write());
    writes
        .map(|write| &write.hex.0[..])
        .collect::<Vec<_>>()
        .concat()
}

fn came(run: &RunTrace, flow: &Flow) -> Vec<Vec<u8>> {
    let spans = flow.ranges.reads.iter();
    let reads = spans.filter_map(|span| run.events[span.event].action.read());
    reads.map(|read| read.hex.0.clone()).collect()
}

/// What each read of a direction asked for.
fn sizes(run: &RunTrace, flow: &Flow) -> Vec<u64> {
    let reads = run
        .events
        .iter()
        .filter(|event| flow.direction.is_reader(event));
    let reads = reads.filter_map(|event| event.action.read());
    reads.map(|read| read.asked).collect()
}
