/** How classes were named before `spec.ingressClassName`. */
export const ingressClassAnnotation = 'kubernetes.io/ingress.class';
