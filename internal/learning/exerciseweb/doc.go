// Package exerciseweb shows exercises: what can be taken, an officer's runs, the debrief,
// and to who teaches, cohorts at work.
//
// While an officer has entered a run, her pages work in the exercise's traffic: the
// [Pages.Middleware] puts its scope in the place of the unit's live traffic, by a cookie
// that names the run and counts only for its owner, and refuses whatever would change
// something outside of the exercise. A band over every page says where one is. In the queue
// and on a consignment's page, [Pages.Over] stands where casework stands on duty.
package exerciseweb
