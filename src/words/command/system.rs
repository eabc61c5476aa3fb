//! What the system does not let a command do: files, the terminal.

use std::fmt::Display;
use std::io;

use crate::lang::Lang;

pub(crate) fn cannot_write_output(lang: Lang, error: &io::Error) -> String {
    say!(
        lang,
        "cannot write the output: {error}",
        "写不出结果：{error}"
    )
}

pub(crate) fn cannot_read_answer(lang: Lang, error: &io::Error) -> String {
    say!(
        lang,
        "cannot read the answer: {error}",
        "读不到回答：{error}"
    )
}

pub(crate) fn no_use_of_terminal(lang: Lang, error: &io::Error) -> String {
    say!(
        lang,
        "cannot use the terminal: {error}",
        "终端用不了：{error}"
    )
}

pub(crate) fn unreadable(lang: Lang, path: &str, error: &io::Error) -> String {
    say!(
        lang,
        "{path}: cannot be read: {error}",
        "{path}：读不了：{error}"
    )
}

pub(crate) fn cannot_be_written(lang: Lang, path: &dyn Display, error: &io::Error) -> String {
    say!(
        lang,
        "{path}: cannot be written: {error}",
        "{path}：写不了：{error}"
    )
}

pub(crate) fn no_name(lang: Lang, path: &dyn Display) -> String {
    say!(
        lang,
        "`{path}` is no name; give the directory to make, such as `my-lab`",
        "`{path}` 不是名字；请给出要新建的目录，例如 `my-lab`"
    )
}

pub(crate) fn is_there_already(lang: Lang, path: &dyn Display) -> String {
    say!(
        lang,
        "{path} is there already, and nothing is overwritten; choose another name",
        "{path} 已经有了，不会覆盖；请换个名字"
    )
}

pub(crate) fn nowhere_to_make(lang: Lang, path: &dyn Display) -> String {
    say!(
        lang,
        "{path} cannot be made: the directory that it would be in is not there",
        "{path} 建不了：它的上级目录不存在"
    )
}

pub(crate) fn cannot_make(lang: Lang, path: &dyn Display, error: &io::Error) -> String {
    say!(
        lang,
        "{path} cannot be made: {error}",
        "{path} 建不了：{error}"
    )
}

// How far somebody is in the course: `PATH: what: error; help`.

pub(crate) fn garbled(lang: Lang) -> &'static str {
    phrase!(
        lang,
        "what was remembered cannot be read",
        "记下的内容读不懂"
    )
}

pub(crate) fn begin_anew(lang: Lang) -> &'static str {
    phrase!(
        lang,
        "`lab learn --reset` begins anew",
        "`lab learn --reset` 可以从头开始"
    )
}

pub(crate) fn cannot_be_read(lang: Lang) -> &'static str {
    phrase!(lang, "cannot be read", "读不了")
}

pub(crate) fn give_access(lang: Lang) -> &'static str {
    phrase!(
        lang,
        "give this user access, or set XDG_DATA_HOME to another directory",
        "请给这个用户访问权限，或者把 XDG_DATA_HOME 设成别的目录"
    )
}

pub(crate) fn cannot_be_removed(lang: Lang) -> &'static str {
    phrase!(lang, "cannot be removed", "删不掉")
}

pub(crate) fn remove_by_hand(lang: Lang) -> &'static str {
    phrase!(lang, "remove it by hand", "请手动删除")
}

pub(crate) fn cannot_remember(lang: Lang) -> &'static str {
    phrase!(lang, "cannot remember how far you are", "记不下走到了哪里")
}

pub(crate) fn no_place_to_remember(lang: Lang, error: &dyn Display) -> String {
    say!(
        lang,
        "no place to remember how far you are: {error}; set HOME",
        "没有地方记下走到了哪里：{error}；请设好 HOME"
    )
}
