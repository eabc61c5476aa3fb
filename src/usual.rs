//! Values so usual that JSON leaves them out. Serde wants the test as a function of a reference.

/// Whether a value is its type's default: 0, false, nothing.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The usual count, and the number of the usual connection.
pub(crate) fn one<T: From<u8>>() -> T {
    T::from(1)
}

/// Whether a number is [`one`].
pub(crate) fn is_one<T: From<u8> + PartialEq>(value: &T) -> bool {
    *value == one()
}
