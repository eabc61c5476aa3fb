//! What was sent and what the program got, in a report line.

use serde::Serialize;

use crate::event::Label;
use crate::report::{Delivery, Extent, Got, GotBy, Sent};
use crate::usual;

#[derive(Serialize)]
pub(super) struct DeliveryObject {
    whole: Option<u64>,
    sent: Option<Vec<SentObject>>,
    got: Option<Vec<GotObject>>,
    #[serde(skip_serializing_if = "usual::is_default")]
    left_over: u64,
}

#[derive(Serialize)]
struct SentObject {
    message: Label,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    taken: Option<u64>,
    whole: Option<bool>,
}

#[derive(Serialize)]
struct GotObject {
    by: GotBy,
    seq: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Label>,
    whole: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Extent>,
}

pub(super) fn object(delivery: &Delivery) -> DeliveryObject {
    let sent = delivery.sent.as_deref();
    let message = |place: usize| Some(sent?.get(place)?.message);
    let sent_one = |sent: &Sent| SentObject {
        message: sent.message,
        bytes: sent.offered,
        taken: (!sent.is_all_taken()).then(|| sent.taken()),
        whole: sent.whole,
    };
    let got_one = |got: &Got| GotObject {
        by: got.by,
        seq: got.event,
        message: got.is.and_then(message),
        whole: got.whole,
        content: got.content,
    };
    let got = delivery.got.as_deref();
    DeliveryObject {
        whole: delivery.whole(),
        sent: sent.map(|sent| sent.iter().map(sent_one).collect()),
        got: got.map(|got| got.iter().map(got_one).collect()),
        left_over: delivery.left_over,
    }
}
