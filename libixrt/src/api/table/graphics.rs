// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Graphics interoperability.

api! { GRAPHICS: "Graphics interoperability" {
} absent {
    cuEGLStreamConsumerAcquireFrame@7000;
    cuEGLStreamConsumerConnect@7000;
    cuEGLStreamConsumerConnectWithFlags@8000;
    cuEGLStreamConsumerDisconnect@7000;
    cuEGLStreamConsumerReleaseFrame@7000;
    cuEGLStreamProducerConnect@7000;
    cuEGLStreamProducerDisconnect@7000;
    cuEGLStreamProducerPresentFrame@7000;
    cuEGLStreamProducerReturnFrame@7000;
    cuEventCreateFromEGLSync@9000;
    cuGLCtxCreate@2000 cuGLCtxCreate_v2@3020;
    cuGLGetDevices@4010 cuGLGetDevices_v2@6050;
    cuGLInit@2000;
    cuGLMapBufferObject@2000 cuGLMapBufferObject_v2@3020 cuGLMapBufferObject_v2_ptds@7000;
    cuGLMapBufferObjectAsync@2030 cuGLMapBufferObjectAsync_v2@3020 cuGLMapBufferObjectAsync_v2_ptsz@7000;
    cuGLRegisterBufferObject@2000;
    cuGLSetBufferObjectMapFlags@2030;
    cuGLUnmapBufferObject@2000;
    cuGLUnmapBufferObjectAsync@2030;
    cuGLUnregisterBufferObject@2000;
    cuGraphicsEGLRegisterImage@7000;
    cuGraphicsGLRegisterBuffer@3000;
    cuGraphicsGLRegisterImage@3000;
    cuGraphicsMapResources@3000 cuGraphicsMapResources_ptsz@7000;
    cuGraphicsResourceGetMappedEglFrame@7000;
    cuGraphicsResourceGetMappedMipmappedArray@5000;
    cuGraphicsResourceGetMappedPointer@3000 cuGraphicsResourceGetMappedPointer_v2@3020;
    cuGraphicsResourceSetMapFlags@3000 cuGraphicsResourceSetMapFlags_v2@6050;
    cuGraphicsSubResourceGetMappedArray@3000;
    cuGraphicsUnmapResources@3000 cuGraphicsUnmapResources_ptsz@7000;
    cuGraphicsUnregisterResource@3000;
    cuGraphicsVDPAURegisterOutputSurface@3010;
    cuGraphicsVDPAURegisterVideoSurface@3010;
    cuVDPAUCtxCreate@3010 cuVDPAUCtxCreate_v2@3020;
    cuVDPAUGetDevice@3010;
} }
