//! What the system does not let a command do: files, the terminal.

use std::fmt::Display;
use std::io;

use crate::lang::Lang;
use crate::regular_file::{NoFile, Unreadable};

phrases! {
    garbled: "what was remembered cannot be read", "记下的内容读不懂";
    begin_anew: "`lab learn --reset` begins anew", "`lab learn --reset` 可以从头开始";
    give_access:
        "give this user access, or set XDG_DATA_HOME to another directory",
        "请给这个用户访问权限，或者把 XDG_DATA_HOME 设成别的目录";
    cannot_be_removed: "cannot be removed", "删不掉";
    remove_by_hand: "remove it by hand", "请手动删除";
    cannot_remember: "cannot remember how far you are", "记不下走到了哪里";
}

sentences! { lang;
    cannot_write_output(error: &io::Error):
        "cannot write the output: {error}",
        "写不出结果：{error}";
    cannot_read_answer(error: &io::Error):
        "cannot read the answer: {error}",
        "读不到回答：{error}";
    no_use_of_terminal(error: &io::Error):
        "cannot use the terminal: {error}",
        "终端用不了：{error}";
    unreadable(path: &str, why: &Unreadable; why = cannot_be_read(lang, why)):
        "{path}: {why}; a trace is a file that `--json` wrote, and - is standard input",
        "{path}：{why}；记录是 `--json` 写下的文件，- 表示标准输入";
    cannot_be_written(path: &dyn Display, error: &io::Error):
        "{path}: cannot be written: {error}",
        "{path}：写不了：{error}";
    no_name(path: &dyn Display):
        "`{path}` is no name; give the directory to make, such as `my-lab`",
        "`{path}` 不是名字；请给出要新建的目录，例如 `my-lab`";
    is_there_already(path: &dyn Display):
        "{path} is there already, and nothing is overwritten; choose another name",
        "{path} 已经有了，不会覆盖；请换个名字";
    nowhere_to_make(path: &dyn Display):
        "{path} cannot be made: the directory that it would be in is not there",
        "{path} 建不了：它的上级目录不存在";
    cannot_make(path: &dyn Display, error: &io::Error):
        "{path} cannot be made: {error}",
        "{path} 建不了：{error}";
    no_place_to_remember(error: &dyn Display):
        "no place to remember how far you are: {error}; set HOME",
        "没有地方记下走到了哪里：{error}；请设好 HOME";
}

/// Why a file that was named cannot be read.
pub(crate) fn cannot_be_read(lang: Lang, why: &Unreadable) -> String {
    say! { lang, why;
        Unreadable::Absent(said) => "cannot be read: {said}", "读不了：没有这个文件或目录";
        Unreadable::Forbidden(said) => "cannot be read: {said}", "读不了：没有权限";
        Unreadable::Other(said) => "cannot be read: {said}", "读不了：{said}";
        Unreadable::NoFile(found) =>
            "cannot be read: it is {found}, not a file",
            "读不了：这是{found}，不是文件",
            found = phrase! { lang, found;
                NoFile::Directory => "a directory", "目录";
                NoFile::Pipe => "a pipe", "管道";
                NoFile::Socket => "a socket", "套接字";
                NoFile::Device => "a device", "设备";
                NoFile::Other => "something else", "别的东西";
            };
    }
}
