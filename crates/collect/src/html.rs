//! Pages: the body through a well-kept crate, what the page says about itself by our own reading.
use crate::limits::Limits;
use crate::raw::Raw;
use chancery_agreement::{Article, Notice};

pub(crate) fn page(_article: &mut Article, _raw: &Raw, _limits: &Limits, _notices: &mut Vec<Notice>) -> Result<(), Notice> {
    Err(Notice::failure("no-html", "pages are not read yet"))
}
