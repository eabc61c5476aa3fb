//! A lab to begin with: small, whole, and true, with notes for the one who goes on from there.

use super::schema;

/// The names that Windows keeps for devices: no directory there can have one.
const DEVICES: [&str; 6] = ["aux", "con", "nul", "prn", "com", "lpt"];

/// The longest name, in characters.
const LONGEST: usize = 60;

/// Whether a lab can have this name: one that is easy to type and means the same on every system.
///
/// # Errors
/// Says why not, and proposes a name where it can.
pub fn check_name(name: &str) -> Result<(), String> {
    let fits = |c: char| c.is_alphanumeric() && !c.is_uppercase() || c == '-';
    let shown: String = name.chars().take(LONGEST).collect();
    let shown = shown.escape_debug();
    if name.chars().count() > LONGEST {
        return Err(format!(
            "the name `{shown}…` is longer than {LONGEST} characters"
        ));
    }
    let joined = name.split('-').all(|word| !word.is_empty());
    if !name.chars().all(fits) || !joined {
        let words: Vec<String> = name
            .to_lowercase()
            .split(|c| !fits(c) || c == '-')
            .filter(|word| !word.is_empty())
            .map(String::from)
            .collect();
        let proposed = words.join("-");
        let help = if !proposed.is_empty() && check_name(&proposed).is_ok() {
            format!("; how about `{proposed}`?")
        } else {
            String::new()
        };
        return Err(format!(
            "the name `{shown}` is not lower-case words joined by hyphens{help}"
        ));
    }
    if name.chars().all(|c| c.is_ascii_digit()) {
        return Err(format!(
            "the name `{shown}` is a number, as only labs of the catalogue have one; give it a word"
        ));
    }
    if DEVICES.contains(&name.trim_end_matches(|c: char| c.is_ascii_digit())) {
        return Err(format!(
            "the name `{shown}` is kept for a device on Windows; choose another"
        ));
    }
    Ok(())
}

/// The files of the new lab of this name: what each is called, and what is in it.
pub fn files(name: &str) -> [(&'static str, String); 4] {
    let mut title = name.replace('-', " ");
    if let Some(first) = title.get(..1) {
        title = first.to_uppercase() + &title[1..];
    }
    let fill = |template: &str| template.replace("{title}", &title);
    [
        ("lab.json", include_str!("template/lab.json").into()),
        ("en.md", fill(include_str!("template/en.md"))),
        ("zh.md", fill(include_str!("template/zh.md"))),
        ("lab.schema.json", schema::schema()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_be_typed_everywhere() {
        for name in ["chat", "my-lab", "tcp2", "聊天", "温度-传感器", "console"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for (name, said) in [
            ("", "not lower-case words"),
            ("My Lab", "how about `my-lab`?"),
            ("-chat", "how about `chat`?"),
            ("chat_room", "how about `chat-room`?"),
            ("a--b", "how about `a-b`?"),
            ("..", "not lower-case words"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("7", "is a number"),
            ("con", "a device on Windows"),
            ("com1", "a device on Windows"),
            (&"x".repeat(61), "longer than 60"),
        ] {
            let wrong = check_name(name).expect_err(name);
            assert!(wrong.contains(said), "{name}: {wrong}");
            assert!(!wrong.contains('\u{1b}'));
        }
    }
}
