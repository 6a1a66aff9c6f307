import {
  dns1123Label,
  duplicate,
  type FieldError,
  type FieldPath,
  invalidField,
  notSupported,
  path,
  required,
  validateAnnotations,
  validateLabels,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';

interface TemplateRules {
  /** The only restart policy that the owner of the template allows. */
  readonly restartPolicy?: string;
}

/** Checks a pod template found at a dotted path, such as `spec.template`. */
export function validatePodTemplate(template: core.v1.PodTemplateSpec, at: string, rules: TemplateRules = {}): FieldError[] {
  const [root = '', ...steps] = at.split('.');
  const templatePath = path(root, ...steps);
  const specPath = templatePath.child('spec');
  const { labels, annotations } = template.metadata;
  const errors = [
    ...validateLabels(labels, templatePath.child('labels')),
    ...validateAnnotations(annotations, templatePath.child('annotations')),
    ...validatePodSpec(template.spec, specPath),
  ];
  const { restartPolicy = '' } = template.spec;
  if (rules.restartPolicy !== undefined && restartPolicy !== rules.restartPolicy) {
    errors.push(notSupported(specPath.child('restartPolicy'), restartPolicy, [rules.restartPolicy]));
  }
  return errors;
}

/** What pods and pod templates have in common. */
export function validatePodSpec(spec: core.v1.PodSpec, at: FieldPath): FieldError[] {
  const names = new Set<string>();
  const containers = spec.containers ?? [];
  return [
    ...(containers.length === 0 ? [required(at.child('containers'))] : []),
    ...containers.flatMap((container, i) => validateContainer(container, at.child('containers').index(i), names)),
    ...(spec.initContainers ?? []).flatMap((container, i) => validateContainer(container, at.child('initContainers').index(i), names)),
    ...validateEnum(spec.restartPolicy, ['Always', 'OnFailure', 'Never'], at.child('restartPolicy')),
    ...validateEnum(spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'], at.child('dnsPolicy')),
  ];
}

interface NamedImage {
  readonly name: string;
  readonly image?: string;
}

/** `names` collects those of all containers of a pod, whatever their sort: they share one name space. */
export function validateContainer({ name, image = '' }: NamedImage, at: FieldPath, names: Set<string>): FieldError[] {
  const errors: FieldError[] = [];
  if (name === '') errors.push(required(at.child('name')));
  else for (const detail of dns1123Label(name)) errors.push(invalidField(at.child('name'), name, detail));
  if (names.has(name)) errors.push(duplicate(at.child('name'), name));
  names.add(name);
  if (image === '') errors.push(required(at.child('image')));
  else if (image !== image.trim()) errors.push(invalidField(at.child('image'), image, 'must not have leading or trailing whitespace'));
  return errors;
}

function validateEnum(value: string | undefined, supported: readonly string[], at: FieldPath): FieldError[] {
  if (!value) return [required(at)];
  return supported.includes(value) ? [] : [notSupported(at, value, supported)];
}
