//! Every outside crate has a line in docs/dependencies.md: why, under which licence, what it drags in.
use crate::Complaint;
use crate::workspace::{Manifest, Workspace};
use anyhow::Result;
use std::collections::BTreeMap;

/// The page that explains the dependencies.
pub const PAGE: &str = "docs/dependencies.md";

/// Dependencies without a line, and lines without a dependency.
///
/// # Errors
/// When a manifest cannot be read.
pub fn complaints(workspace: &Workspace) -> Result<Vec<Complaint>> {
    Ok(against_page(&workspace.manifests()?, &workspace.text(PAGE).unwrap_or_default()))
}

/// Compares the manifests with the page's table, whose rows begin with the name of a crate in back quotes.
#[must_use]
pub fn against_page(manifests: &[Manifest], page: &str) -> Vec<Complaint> {
    let ours: Vec<&str> = manifests.iter().map(|manifest| manifest.package.as_str()).collect();
    let mut used: BTreeMap<&str, &str> = BTreeMap::new();
    for manifest in manifests {
        for dependency in manifest.dependencies.iter().filter(|name| !ours.contains(&name.as_str())) {
            used.entry(dependency).or_insert(&manifest.path);
        }
    }
    let explained: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|rest| rest.split('`').next()).collect();
    let missing = used.iter().filter(|(name, _)| !explained.contains(name)).map(|(name, manifest)| {
        Complaint::new(*manifest, format!("`{name}` has no line in {PAGE}: say why, under which licence, what it drags in"))
    });
    let left_over = explained
        .iter()
        .filter(|name| !used.contains_key(*name))
        .map(|name| Complaint::new(PAGE, format!("explains `{name}`, which nothing depends on any more")));
    missing.chain(left_over).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_left_over_lines_are_both_found() {
        let manifest = Manifest {
            path: "crates/a/Cargo.toml".to_owned(),
            package: "a".to_owned(),
            dependencies: vec!["a".to_owned(), "regex".to_owned(), "serde".to_owned()],
        };
        let page = "| crate | why |\n|---|---|\n| `regex` | linear time |\n| `chrono` | dates |\n";
        let complaints = against_page(&[manifest], page);
        assert_eq!(complaints.len(), 2, "{complaints:?}");
        assert!(complaints[0].message.starts_with("`serde` has no line"));
        assert!(complaints[1].message.contains("`chrono`"));
    }
}
