//! The work: projects, history, takes and jobs.
