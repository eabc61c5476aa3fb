//! Which calls get a row, and which are left out of a long run.

use std::collections::{HashMap, HashSet};

use super::wire::TimelineItem;
use crate::event::{Action, Event, RunTrace, Side};
use crate::render::highlights::Highlights;
use crate::report::{Kind, PacketNote};

/// Calls of one kind in a row from which on the middle ones are left out.
const MANY_ALIKE: usize = 6;
/// How many of them then stay at the start, and at the end.
const KEPT: (usize, usize) = (3, 2);
/// Rows from which on the middle of the whole run is left out, and how many then stay.
const MANY_ROWS: usize = 40;
const KEPT_ROWS: (usize, usize) = (16, 12);

/// A call or a packet that gets a row of its own.
pub(super) type Drawn = TimelineItem<Draft>;

/// A call that gets a row of its own, with the waits that its side makes after it.
pub(super) struct Draft {
    pub(super) event: usize,
    pub(super) after: Vec<usize>,
}

/// What stands at one place of the picture.
pub(super) enum RowOrGap {
    /// A call or a packet.
    Row(Drawn),
    /// Calls that are left out, and packets.
    Gap(Vec<TimelineItem<usize>>),
}

/// How a call is shown.
enum Placement {
    Row,
    /// Below the call that the same side made before on that connection.
    Below(usize),
    Nowhere,
}

/// Gives each call that moves bytes a row, and puts waits and closes under the call before them.
/// With `several` clients connecting and accepting is part of the story, and gets rows as well.
/// Where the states of a connection are looked at, so does all that changes them.
pub(super) fn drafts(events: &[Event], several: bool) -> Vec<Draft> {
    let any = |so: fn(&Action) -> bool| events.iter().any(|event| so(&event.action));
    let lives = any(|action| matches!(action, Action::States { .. }));
    // Over datagrams nobody has to connect, so whoever does has a reason.
    let unusual = !any(|action| matches!(action, Action::Listen { .. }));
    let mut bound: HashSet<Side> = HashSet::new();
    let mut again = false;
    let mut drafts: Vec<Draft> = Vec::new();
    let mut last_row: HashMap<(Side, u32), usize> = HashMap::new();
    let mut set: HashMap<(Side, u32, &str), u64> = HashMap::new();
    for (i, event) in events.iter().enumerate() {
        let before = last_row.get(&(event.side, event.conn)).copied();
        // What ends a direction stands where it was called: not above what came before it.
        let at_once = match before {
            Some(row) if row + 1 == drafts.len() => Placement::Below(row),
            _ => Placement::Row,
        };
        let place = match &event.action {
            Action::Loop(_) | Action::Undone(_) => before.map_or(Placement::Row, Placement::Below),
            _ if event.error.is_some() => Placement::Row,
            // The first bind and listen are how every run begins.
            Action::Bind { .. } => {
                again = !bound.insert(event.side);
                // What was set before was set on another socket.
                set.retain(|(side, ..), _| *side != event.side);
                if again {
                    Placement::Row
                } else {
                    Placement::Nowhere
                }
            }
            Action::Listen { .. } if again => before.map_or(Placement::Row, Placement::Below),
            Action::Listen { .. } | Action::Signal { .. } => Placement::Nowhere,
            Action::Connect { .. } | Action::Accept { .. } if !(several || lives || unusual) => {
                Placement::Nowhere
            }
            // The kernel forgets some options, and they are set again after each read: that is
            // said once.
            Action::Setsockopt { option, value } => {
                match set.insert((event.side, event.conn, option), *value) {
                    Some(same) if same == *value => Placement::Nowhere,
                    _ => Placement::Row,
                }
            }
            Action::Shutdown | Action::Abort | Action::Close | Action::StopListening if lives => {
                Placement::Row
            }
            Action::Await { .. }
            | Action::Pause { .. }
            | Action::Open { .. }
            | Action::Rename { .. }
            | Action::Unlink { .. }
            | Action::Readdir { .. }
            | Action::Unpack { .. }
            | Action::Parse { .. }
            | Action::Decode { .. } => before.map_or(Placement::Row, Placement::Below),
            // A side that only closes has nothing to show.
            Action::Close if before.is_none() => Placement::Nowhere,
            // What a reset throws away is seen beside it.
            Action::Abort if event.kernel.as_ref().is_some_and(|state| state.unsent > 0) => {
                Placement::Row
            }
            Action::Shutdown | Action::Abort | Action::StopListening | Action::Close => at_once,
            _ => Placement::Row,
        };
        match place {
            Placement::Nowhere => {}
            Placement::Below(row) => drafts[row].after.push(i),
            Placement::Row => {
                last_row.insert((event.side, event.conn), drafts.len());
                drafts.push(Draft {
                    event: i,
                    after: Vec::new(),
                });
            }
        }
    }
    drafts
}

/// A row that must be seen: a message came out, something was refused, cut off or failed.
pub(super) fn is_notable(event: &Event) -> bool {
    let read = event.action.read();
    let decoder = event.action.decoder();
    event.error.is_some()
        || read.is_some_and(|read| {
            read.truncated > Some(0) || (read.returned == Some(0) && read.dropped.is_none())
        })
        || decoder.is_some_and(|decoder| !decoder.out.is_empty() || decoder.refused.is_some())
}

/// A read of nothing from a stream: its end, told again and again to a loop that does not stop.
pub(super) fn is_empty_read(event: &Event) -> bool {
    matches!(&event.action, Action::Recv(read) if read.returned == Some(0))
}

/// A step in which a program makes something of what it has read.
pub(super) fn is_of_program(event: &Event) -> bool {
    matches!(
        event.action,
        Action::Unpack { .. }
            | Action::Parse { .. }
            | Action::Decode { .. }
            | Action::Loop(_)
            | Action::Decoder(_)
            | Action::Undone(_)
    )
}

pub(super) fn leave_out(
    drafts: Vec<Drawn>,
    run: &RunTrace,
    sights: &[PacketNote],
    highlights: &Highlights<'_>,
) -> Vec<RowOrGap> {
    let kind = |drawn: &Drawn| match drawn {
        TimelineItem::Call(draft) => {
            let event = &run.events[draft.event];
            let made = draft
                .after
                .iter()
                .any(|&after| is_of_program(&run.events[after]));
            let empty = is_empty_read(event);
            let notable =
                made || highlights.is_kept(draft.event, event) || (is_notable(event) && !empty);
            (event.side, event.action.name(), notable, empty)
        }
        TimelineItem::Packet(i) => {
            let sight = &sights[*i];
            // What is out of the ordinary and carries nothing is drawn for its own sake.
            let notable = sight.again || (sight.kind != Kind::Data && !sight.ordinary);
            (run.packets[*i].side, "packet", notable, false)
        }
    };
    let mut entries: Vec<RowOrGap> = Vec::new();
    let mut rest = drafts.into_iter().peekable();
    while let Some(first) = rest.next() {
        let same = kind(&first);
        let mut alike = vec![first];
        while let Some(next) = rest.next_if(|next| kind(next) == same) {
            alike.push(next);
        }
        if alike.len() > MANY_ALIKE && !same.2 {
            entries.extend(thin(alike.into_iter().map(RowOrGap::Row).collect(), KEPT));
        } else {
            entries.extend(alike.into_iter().map(RowOrGap::Row));
        }
    }
    if entries.len() <= MANY_ROWS {
        return entries;
    }
    // The first call that tells something stands, wherever in the middle it is.
    let (head, tail) = KEPT_ROWS;
    let middle = head..entries.len() - tail;
    let tells = |entry: &RowOrGap| {
        matches!(entry, RowOrGap::Row(TimelineItem::Call(draft))
        if highlights.is_kept(draft.event, &run.events[draft.event]))
    };
    let Some(place) = middle.clone().find(|&place| tells(&entries[place])) else {
        return thin(entries, KEPT_ROWS);
    };
    let rest = entries.split_off(place + 1);
    let told = entries.pop();
    let mut kept = thin(entries, (head, 0));
    kept.extend(told);
    kept.extend(thin(rest, (0, tail)));
    kept
}

/// Keeps the first and the last entries, and puts one gap in place of the others.
fn thin(mut entries: Vec<RowOrGap>, (head, tail): (usize, usize)) -> Vec<RowOrGap> {
    // A gap at either end of what is left out is a part of it.
    let is_gap = |place: usize| matches!(entries.get(place), Some(RowOrGap::Gap(_)));
    let tail = tail - usize::from(tail > 0 && is_gap(entries.len() - tail));
    let head = head - usize::from(head > 0 && is_gap(head - 1));
    if entries.len() <= head + tail {
        return entries;
    }
    let end = entries.split_off(entries.len() - tail);
    let mut gap = Vec::new();
    for entry in entries.drain(head..) {
        match entry {
            RowOrGap::Row(TimelineItem::Call(draft)) => gap.push(TimelineItem::Call(draft.event)),
            RowOrGap::Row(TimelineItem::Packet(packet)) => gap.push(TimelineItem::Packet(packet)),
            RowOrGap::Gap(other) => gap.extend(other),
        }
    }
    entries.push(RowOrGap::Gap(gap));
    entries.extend(end);
    entries
}
