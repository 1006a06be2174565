//! Dependencies between the crates of the workspace run one way: along the flow of data.
use crate::Complaint;
use crate::workspace::{Manifest, Workspace};
use anyhow::Result;

/// The crates in the order in which data flows through them. Each may depend only on those before it.
pub const ORDER: &[&str] = &[
    "chancery-agreement",
    "chancery-timex",
    "chancery-collect",
    "chancery-dissect",
    "chancery-extract",
    "chancery-link",
    "chancery-register",
    "chancery-evaluate",
];

/// Programs: they may use every crate, and nothing may use them.
pub const PROGRAMS: &[&str] = &["chancery", "chancery-train", "xtask"];

/// What the manifests of the workspace have against the order.
///
/// # Errors
/// When a manifest cannot be read.
pub fn complaints(workspace: &Workspace) -> Result<Vec<Complaint>> {
    Ok(against_order(&workspace.manifests()?))
}

/// What these manifests have against the order.
#[must_use]
pub fn against_order(manifests: &[Manifest]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for manifest in manifests {
        let place = ORDER.iter().position(|name| *name == manifest.package);
        if place.is_none() && !PROGRAMS.contains(&manifest.package.as_str()) {
            complaints.push(Complaint::new(
                &manifest.path,
                format!("`{}` has no place in the order of crates; give it one in xtask/src/order.rs", manifest.package),
            ));
        }
        for dependency in &manifest.dependencies {
            if PROGRAMS.contains(&dependency.as_str()) {
                complaints.push(Complaint::new(&manifest.path, format!("depends on the program `{dependency}`")));
            }
            let Some(theirs) = ORDER.iter().position(|name| name == dependency) else { continue };
            if place.is_some_and(|ours| theirs >= ours) {
                complaints.push(Complaint::new(
                    &manifest.path,
                    format!("`{}` depends on `{dependency}`, which comes after it: {}", manifest.package, ORDER.join(" → ")),
                ));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(package: &str, dependencies: &[&str]) -> Manifest {
        let dependencies = dependencies.iter().map(|name| (*name).to_owned()).collect();
        Manifest { path: format!("{package}/Cargo.toml"), package: package.to_owned(), dependencies }
    }

    #[test]
    fn a_crate_may_use_what_comes_before_it_and_any_outside_crate() {
        assert_eq!(against_order(&[manifest("chancery-extract", &["chancery-dissect", "regex"])]), []);
    }

    #[test]
    fn a_crate_may_not_use_what_comes_after_it_nor_a_program() {
        let complaints = against_order(&[manifest("chancery-dissect", &["chancery-link", "chancery"])]);
        assert_eq!(complaints.len(), 2);
        assert!(complaints.iter().any(|complaint| complaint.message.contains("`chancery-link`, which comes after it")));
        assert!(complaints.iter().any(|complaint| complaint.message.contains("the program `chancery`")));
    }

    #[test]
    fn a_new_crate_must_be_given_a_place() {
        let complaints = against_order(&[manifest("chancery-gossip", &[])]);
        assert!(complaints[0].message.contains("no place in the order"), "{complaints:?}");
    }
}
