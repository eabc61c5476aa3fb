//! Shows why TCP messages stick together, tear and get lost: on real sockets, with the kernel's
//! own evidence.

pub mod frame;
