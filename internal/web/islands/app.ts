// What every page loads: htmx, and the few things that all pages do the same.
import htmx from "htmx.org";
import { start } from "./offline/send";

declare global {
	interface Window {
		htmx: typeof htmx;
	}
}
window.htmx = htmx;

start(); // what waits on this device is sent from any page

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
	const form = event.target as HTMLFormElement;
	if (form.method !== "post" || event.defaultPrevented) {
		return;
	}
	if (form.dataset.sent) {
		event.preventDefault();
		return;
	}
	form.dataset.sent = "yes";
	// Back from the next page, the form can be sent again.
	window.addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
});

// "/" leads to the search field of the page, else to that of the menu.
document.addEventListener("keydown", (event) => {
	if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) {
		return;
	}
	const field =
		document.querySelector<HTMLInputElement>("main [data-search]") ?? document.querySelector<HTMLInputElement>("[data-search]");
	if (field) {
		event.preventDefault();
		field.focus();
		field.select();
	}
});

function typing(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));
}
