package dev.serin.metrics.providers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;

/// Whose certificates are believed.
final class Tls {

  private Tls() {}

  /// Believes these authorities, and no others.
  ///
  /// @param problems gets what is wrong with them
  static void trust(OkHttpClient.Builder http, String pem, List<String> problems) {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate authority :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))) {
        store.setCertificateEntry("authority-" + store.size(), authority);
      }
      if (store.size() == 0) {
        problems.add("the Secret's ca.crt holds no certificate; put one or more in PEM into it");
        return;
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      Arrays.stream(factory.getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .map(X509TrustManager.class::cast)
          .findFirst()
          .ifPresent(manager -> use(http, manager));
    } catch (GeneralSecurityException | IOException e) {
      problems.add(
          "the Secret's ca.crt cannot be read as certificates in PEM; check what it holds");
    }
  }

  /// Believes everybody, because the user said so.
  static void trustAll(OkHttpClient.Builder http) {
    use(http, new Everybody());
    http.hostnameVerifier((_, _) -> true);
  }

  private static void use(OkHttpClient.Builder http, X509TrustManager manager) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {manager}, new SecureRandom());
      http.sslSocketFactory(context.getSocketFactory(), manager);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }

  /// Extended, so that Java does not check host names on its own.
  private static final class Everybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
