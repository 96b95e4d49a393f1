import type { Part } from "./store";

// own are the fields that tell entries apart; they are kept with the entry itself.
const own = new Set(["key", "at"]);

// gather returns what a form would send, without its files. submitter is the button.
export function gather(form: HTMLFormElement, submitter?: HTMLElement | null): Part[] {
	const parts: Part[] = [];
	for (const [name, value] of new FormData(form, submitter)) {
		if (typeof value === "string" && !own.has(name)) {
			parts.push({ name, value });
		}
	}
	return parts;
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

// fill puts back what gather took. Fields of one name take their values in order.
export function fill(form: HTMLFormElement, parts: Part[]): void {
	const values = new Map<string, string[]>();
	for (const { name, value } of parts) {
		values.set(name, [...(values.get(name) ?? []), value]);
	}
	for (const field of form.elements as Iterable<Element>) {
		if (isField(field) && field.name && !own.has(field.name)) {
			fillOne(field, values.get(field.name) ?? []);
		}
	}
}

function isField(e: Element): e is Field {
	return e instanceof HTMLInputElement || e instanceof HTMLSelectElement || e instanceof HTMLTextAreaElement;
}

function fillOne(field: Field, values: string[]): void {
	if (field instanceof HTMLSelectElement) {
		for (const option of field.options) {
			option.selected = values.includes(option.value);
		}
	} else if (field.type === "checkbox" || field.type === "radio") {
		(field as HTMLInputElement).checked = values.includes(field.value);
	} else if (field.type !== "file" && field.type !== "submit" && values.length > 0) {
		field.value = values.shift()!;
	}
}
