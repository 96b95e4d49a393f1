// Sentences come from the server in the officer's language, as JSON in data-texts.

export type Say = (name: string, args?: Record<string, string | number>) => string;

// locale is how dates and numbers are written; English is the British one, as on the pages.
function locale(): string {
	const { lang } = document.documentElement;
	return lang === "en" ? "en-GB" : lang;
}

export function sayer(element: HTMLElement): Say {
	const texts = JSON.parse(element.dataset.texts ?? "{}") as Record<string, string>;
	const number = new Intl.NumberFormat(locale());
	return (name, args = {}) =>
		(texts[name] ?? name).replace(/\{(\w+)\}/g, (whole, key: string) => {
			const value = args[key];
			return value === undefined ? whole : typeof value === "number" ? number.format(value) : value;
		});
}

export function when(at: number | string): string {
	return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

// button returns a plain button of a form that does not submit it.
export function button(text: string, act: () => void, look = "btn"): HTMLButtonElement {
	const b = document.createElement("button");
	b.type = "button";
	b.className = look;
	b.textContent = text;
	b.addEventListener("click", act);
	return b;
}

export function element<K extends keyof HTMLElementTagNameMap>(tag: K, look: string, ...inside: (Node | string)[]): HTMLElementTagNameMap[K] {
	const e = document.createElement(tag);
	e.className = look;
	e.append(...inside);
	return e;
}
