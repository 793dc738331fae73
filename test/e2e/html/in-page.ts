/** Runs in the page: texts with less contrast than WCAG AA asks for. */
export function faintTexts(): readonly string[] {
  const channels = (colour: string): readonly number[] =>
    (/\(([^)]*)\)/.exec(colour)?.[1] ?? '').split(/[ ,/]+/).map(Number);
  const light = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = channels(colour).map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element: Element | null): string => {
    if (element === null) return 'rgb(255, 255, 255)';
    const shapes = [...(element.parentElement?.querySelectorAll(':scope > .back') ?? [])];
    const [back] = element.tagName === 'text' ? shapes : [];
    const colour = back ? getComputedStyle(back).fill : getComputedStyle(element).backgroundColor;
    return channels(colour)[3] === 0 ? groundOf(element.parentElement) : colour;
  };
  const texts = [...document.querySelectorAll('body *')].filter(
    (element) =>
      element.checkVisibility() &&
      !['SCRIPT', 'OPTION'].includes(element.tagName) &&
      [...element.childNodes].some((node) => node instanceof Text && node.data.trim() !== ''),
  );
  return texts.flatMap((element) => {
    const style = getComputedStyle(element);
    const [a, b] = [
      light(element.tagName === 'text' ? style.fill : style.color),
      light(groundOf(element)),
    ];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const isDisabled = element.matches(':disabled');
    return contrast >= 4.5 || isDisabled
      ? []
      : [`${element.tagName} ${element.textContent}: ${contrast.toFixed(1)}`];
  });
}

/** Runs in the page: controls that a screen reader has no name for. */
export function namelessControls(): readonly string[] {
  const controls = document.querySelectorAll('button, select, input, summary, a, [tabindex="0"]');
  return [...controls].flatMap((control) => {
    const labels =
      control instanceof HTMLInputElement || control instanceof HTMLSelectElement
        ? [...(control.labels ?? [])]
        : [control];
    const names = [
      control.getAttribute('aria-label') ?? '',
      ...labels.map(({ textContent }) => textContent.trim()),
    ];
    return names.some((name) => name !== '') ? [] : [control.outerHTML];
  });
}
